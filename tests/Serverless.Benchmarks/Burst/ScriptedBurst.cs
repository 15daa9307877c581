using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Azure.Storage.Blobs;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;

namespace Serverless.Benchmarks.Burst;

/// <summary>Forty requests at once from zero, and ten seconds of eight a second, at random moments of a seed; each runs a loop of the same length.</summary>
internal static class ScriptedBurst
{
    public const string Model = "slow";

    private const int AtOnce = 40;
    private const double PerSecond = 8;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    private const string Request =
        """{"inputs":[{"name":"count","shape":[],"datatype":"INT64","data":[10000]},{"name":"start","shape":[1],"datatype":"FP32","data":[1]}]}""";

    public static async Task PushModelAsync(string storage)
    {
        using var folder = new TemporaryFolder();
        using var prepared = await GraphPreparation.RunAsync(
            OnnxGraphs.Slow().WriteTo(folder.File("model.onnx")), new PreparationOptions { MaxBatch = 1 }, null, CancellationToken.None);
        await new ModelPublisher(ModelStores.InBlobStorage(new BlobServiceClient(storage))).PublishAsync(prepared.ToDraft(Model, []));
    }

    public static async Task<BurstRecord> RunAsync(BurstContainers containers, int seed, CancellationToken cancellationToken)
    {
        var before = await containers.WaitForZeroAsync(cancellationToken);
        var calls = new List<Task<Call>>();
        var script = Script(new Random(seed)).ToList();
        var start = TimeProvider.System.GetTimestamp();
        foreach (var at in script)
        {
            var left = at - TimeProvider.System.GetElapsedTime(start);
            if (left > TimeSpan.Zero)
                await Task.Delay(left, cancellationToken);
            calls.Add(CallAsync(containers.Client, cancellationToken));
        }

        var done = await Task.WhenAll(calls);
        var after = await containers.WaitForZeroAsync(cancellationToken);
        var replicas = after.Replicas.Where(replica => replica.Started >= before.Now).ToList();
        var waits = done.Select(call => call.Took - call.Run).Order().ToList();
        return new BurstRecord(
            [.. done.Select(call => call.At)],
            after.RulesSince,
            TimeSpan.FromSeconds(done.Average(call => call.Run.TotalSeconds)),
            TimeSpan.FromSeconds(replicas.Where(replica => replica.FirstReady is not null)
                .Average(replica => (replica.FirstReady!.Value - replica.Started).TotalSeconds)),
            waits[(int)Math.Ceiling(waits.Count * 0.99) - 1],
            after.ReplicaSeconds - before.ReplicaSeconds,
            after.Decisions.Where(decision => decision.At >= before.Now).Max(decision => decision.To));
    }

    private static IEnumerable<TimeSpan> Script(Random random)
    {
        for (var i = 0; i < AtOnce; i++)
            yield return TimeSpan.Zero;
        for (var at = TimeSpan.Zero; (at += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / PerSecond)) < Length;)
            yield return at;
    }

    private static async Task<Call> CallAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var at = TimeProvider.System.GetUtcNow();
        var start = TimeProvider.System.GetTimestamp();
        using var content = new StringContent(Request, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync($"/v2/models/{Model}/infer", content, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidRunException($"answered {(int)answer.StatusCode}.");
        await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        return new Call(at, TimeProvider.System.GetElapsedTime(start), RunOf(answer.Headers));
    }

    private static TimeSpan RunOf(HttpResponseHeaders headers)
    {
        const string Run = "run;dur=";
        var entry = headers.GetValues("Server-Timing").SelectMany(value => value.Split(", ")).First(text => text.StartsWith(Run, StringComparison.Ordinal));
        return TimeSpan.FromMilliseconds(double.Parse(entry.AsSpan(Run.Length), CultureInfo.InvariantCulture));
    }

    private sealed record Call(DateTimeOffset At, TimeSpan Took, TimeSpan Run);
}
