using System.Diagnostics;
using System.Text.Json.Nodes;
using Serverless.TestKit.Jobs;

namespace Serverless.Benchmarks.Batch;

/// <summary>One batch from its creation to its end.</summary>
/// <param name="Ended">The batch at its end.</param>
/// <param name="Validation">From its creation until its shards were there.</param>
/// <param name="Run">From then until every line was answered and the files were there.</param>
internal sealed record BatchJob(JsonNode Ended, TimeSpan Validation, TimeSpan Run)
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);
    private static readonly TimeSpan Maintenance = TimeSpan.FromSeconds(30);

    public static async Task<BatchJob> RunAsync(BatchClient client, string file, string endpoint, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var id = await client.CreateAsync(file, endpoint, cancellationToken);
        while ((string)(await client.GetAsync(id, cancellationToken))["status"]! == "validating")
            await Task.Delay(20, cancellationToken);
        var validated = Stopwatch.GetTimestamp();
        var ended = await client.WaitAsync(id, Limit, Maintenance, cancellationToken);
        return (string)ended["status"]! == "completed"
            ? new BatchJob(ended, Stopwatch.GetElapsedTime(start, validated), Stopwatch.GetElapsedTime(validated))
            : throw new InvalidOperationException($"The batch did not complete: {ended.ToJsonString()}");
    }

    /// <summary>Every answer by custom_id, with its status (0 for a line that was not run) and body; ids that are there more than once as often as they are.</summary>
    public async Task<List<(string Id, int Status, string Body)>> AnswersAsync(BatchClient client, CancellationToken cancellationToken)
    {
        var lines = await client.ReadAsync(Ended["output_file_id"], cancellationToken);
        var errors = await client.ReadAsync(Ended["error_file_id"], cancellationToken);
        return
        [
            .. lines.Concat(errors).Select(line => line["response"] is { } response
                ? ((string)line["custom_id"]!, (int)response["status_code"]!, response["body"]!.ToJsonString())
                : ((string)line["custom_id"]!, 0, line["error"]!.ToJsonString())),
        ];
    }
}
