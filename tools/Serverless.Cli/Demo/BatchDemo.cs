using System.Text;
using System.Text.Json;
using Serverless.Cli.Api;
using Serverless.Cli.Batches;
using Serverless.Cli.Inference;

namespace Serverless.Cli.Demo;

/// <summary>A batch of 2,000 lines, cut into shards and put together again; every answer is held against the one over HTTP.</summary>
internal static class BatchDemo
{
    private const int Lines = 2_000;
    private const string Endpoint = "/v1/embeddings";

    // Longer than a machine with one core needs.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(DemoLog log, ApiClient client, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var api = new BatchApi(client);
        var batch = await log.StepAsync(
            "A batch of 2,000 lines",
            async () =>
            {
                using var input = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Lines).Select(Line))));
                var created = await api.CreateAsync(await api.UploadAsync(input, "demo.jsonl", limit.Token), Endpoint, limit.Token);
                return await api.FollowAsync(created.Id, _ => { }, limit.Token);
            },
            ended => $"{ended.Status}, {ended.Completed} answered, {ended.Failed} failed");

        using var output = new MemoryStream();
        if (batch.OutputFile is { } file)
            await api.DownloadAsync(file, output, limit.Token);
        var right = await CountRightAsync(client, Encoding.UTF8.GetString(output.ToArray()), limit.Token);
        log.Check("batch", $"lines of {Lines} in order, each as over HTTP", Lines, right);
    }

    /// <summary>How many lines stand where they should with the answer that they should have.</summary>
    private static async Task<int> CountRightAsync(ApiClient client, string output, CancellationToken cancellationToken)
    {
        var answer = await client.PostAsync(Endpoint, new { model = DemoSentences.Model, input = DemoSentences.Texts }, cancellationToken);
        var expected = Embeddings.Read(answer.Body);
        var right = 0;
        foreach (var (index, line) in output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Index())
        {
            using var document = JsonDocument.Parse(line);
            var found = Embeddings.Read(document.RootElement.GetProperty("response").GetProperty("body"))[0];
            if (document.RootElement.GetProperty("custom_id").GetString() == IdOf(index)
                && Embeddings.Cosine(found, expected[index % expected.Length]) > 1 - DemoSentences.Tolerance)
            {
                right++;
            }
        }

        return right;
    }

    private static string IdOf(int index) => FormattableString.Invariant($"line-{index}");

    private static string Line(int index) => JsonSerializer.Serialize(new
    {
        custom_id = IdOf(index),
        method = "POST",
        url = Endpoint,
        body = new { model = DemoSentences.Model, input = DemoSentences.Texts[index % DemoSentences.Texts.Length] },
    }) + "\n";
}
