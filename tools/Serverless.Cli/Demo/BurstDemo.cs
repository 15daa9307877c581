using System.Diagnostics;
using System.Globalization;
using Serverless.Cli.Api;
using Serverless.Cli.Inference;
using Serverless.Topology.Platform;

namespace Serverless.Cli.Demo;

/// <summary>From no replica to 200 requests at once, all answered, and back to none.</summary>
internal static class BurstDemo
{
    private const int Requests = 200;
    private const string Endpoint = "/v1/embeddings";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task RunAsync(DemoLog log, LocalPlatform platform, ApiClient api, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var expected = Embeddings.Read((await AskAsync(api, DemoSentences.Texts, limit.Token)).Body);
        await log.StepAsync("Wait until no replica is left", () => WaitForNoneAsync(platform, limit.Token));

        var start = (await platform.GetContainersAsync(limit.Token)).Now;
        var answers = await log.StepAsync(
            $"{Requests} requests at once, from zero",
            () => Task.WhenAll(Enumerable.Range(0, Requests).Select(index => TimeAsync(api, index, limit.Token))),
            answered => Percentiles([.. answered.Select(answer => answer.Took)]));
        await log.StepAsync("Back to zero", () => WaitForNoneAsync(platform, limit.Token));

        var status = await platform.GetContainersAsync(limit.Token);
        var replicas = status.Replicas.Where(replica => replica.Started >= start).ToList();
        log.Add(BurstStages.Table(answers, replicas));
        log.Add(new DemoTiming("Replicas over the burst's time", TimeSpan.FromSeconds(ReplicaTimeline.Seconds(replicas)), ReplicaTimeline.Of(replicas, start)));
        log.Check("burst", $"right answers of {Requests}", Requests, answers.Count(answer => IsRight(answer, expected)));
        log.Check("burst", "replicas at the end", 0, status.Running);
    }

    private static async Task<BurstAnswer> TimeAsync(ApiClient api, int index, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var answer = await AskAsync(api, DemoSentences.Texts[index % DemoSentences.Texts.Length], cancellationToken);
        return new BurstAnswer(index, Stopwatch.GetElapsedTime(start), answer);
    }

    private static Task<ApiAnswer> AskAsync(ApiClient api, object input, CancellationToken cancellationToken) =>
        api.PostAsync(Endpoint, new { model = DemoSentences.Model, input }, cancellationToken);

    private static bool IsRight(BurstAnswer answer, float[][] expected) =>
        Embeddings.Cosine(Embeddings.Read(answer.Answer.Body)[0], expected[answer.Index % expected.Length]) > 1 - DemoSentences.Tolerance;

    private static async Task<int> WaitForNoneAsync(LocalPlatform platform, CancellationToken cancellationToken)
    {
        while (await platform.GetContainersAsync(cancellationToken) is { Running: > 0 } or { Desired: > 0 })
            await Task.Delay(100, cancellationToken);
        return 0;
    }

    private static string Percentiles(TimeSpan[] times)
    {
        Array.Sort(times);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"p50 {times[times.Length / 2].TotalSeconds:0.00} s, p99 {times[times.Length * 99 / 100].TotalSeconds:0.00} s");
    }
}
