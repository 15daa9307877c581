using System.Diagnostics;
using Serverless.TestKit.Jobs;

namespace Serverless.Benchmarks.Batch.Parts;

/// <summary>A job whose processes are killed, beside the same job in peace.</summary>
internal static class Chaos
{
    // What the whole job counts to, so that it lasts for all strikes however many lines it has: 90 s of two cores.
    private const int Counts = 75_000_000;
    private const int Seed = 8;

    // Three rounds of seven, five of each are kills.
    private const int Strikes = 21;

    // Fewer prove nothing.
    private const int FewestKills = 10;

    public static async Task MeasureAsync(BatchBench bench, CancellationToken cancellationToken)
    {
        if (!bench.Platform.Services.ContainsKey("worker-2"))
            await bench.Platform.StartWorkerAsync("worker-2", cancellationToken);
        var endpoint = $"/v2/models/{BatchBench.Counter}/infer";
        var file = await bench.Client.UploadAsync(BatchLines.Counting(BatchBench.Counter, bench.Texts.Length, Counts / bench.Texts.Length), cancellationToken);
        var peaceful = await BatchJob.RunAsync(bench.Client, file, endpoint, cancellationToken);
        using var stop = new CancellationTokenSource();
        var monkey = new ChaosMonkey(bench.Platform, Seed, TimeSpan.FromSeconds(4), Strikes);
        var chaos = monkey.RunAsync(stop.Token);
        BatchJob disturbed;
        try
        {
            disturbed = await BatchJob.RunAsync(bench.Client, file, endpoint, cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await chaos;
        }

        bench.Figures.Say(
            $"seed {Seed}, {monkey.Kills} kills: {string.Join(", ", monkey.Strikes)}; in peace {peaceful.Run}, disturbed {disturbed.Run}");
        bench.Write("chaos_kills", monkey.Kills, "kills");
        await CompareAsync(bench, peaceful, disturbed, cancellationToken);
        bench.Write("chaos_messages_left", await LeftAsync(bench, cancellationToken), "messages");
        if (monkey.Kills < FewestKills)
            throw new InvalidRunException($"The job was over after {monkey.Kills} kills; it takes {FewestKills}: give it more lines.");
    }

    private static async Task<long> LeftAsync(BatchBench bench, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        long left;
        while ((left = await JobQueues.CountAsync(bench.Platform, cancellationToken)) > 0 && Stopwatch.GetElapsedTime(start) < JobQueues.TwoLocks)
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        return left;
    }

    private static async Task CompareAsync(BatchBench bench, BatchJob peaceful, BatchJob disturbed, CancellationToken cancellationToken)
    {
        var expected = await peaceful.AnswersAsync(bench.Client, cancellationToken);
        var found = await disturbed.AnswersAsync(bench.Client, cancellationToken);
        var ids = found.Select(answer => answer.Id).ToHashSet();
        var lost = Enumerable.Range(0, bench.Texts.Length).Count(line => !ids.Contains(BatchLines.IdOf(line)));
        var inOrder = found.Select(answer => answer.Id).SequenceEqual(expected.Select(answer => answer.Id));
        bench.Write("chaos_lines_lost", lost, "lines");
        bench.Write("chaos_lines_duplicated", found.Count - ids.Count, "lines");
        bench.Write("chaos_answers_different", expected.Except(found).Count(), "lines");
        bench.Write("chaos_in_input_order", inOrder ? 1 : 0, "bool");
    }
}
