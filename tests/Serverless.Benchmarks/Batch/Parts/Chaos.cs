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
        var isRight = await CompareAsync(bench, peaceful, disturbed, cancellationToken);
        var left = await LeftAsync(bench, cancellationToken);
        bench.Write("chaos_messages_left", left, "messages");
        if (!isRight || left > 0)
            throw new InvalidOperationException("The disturbed job lost, doubled, changed or moved lines, or left messages; the figures above say which.");
        if (monkey.Kills < FewestKills || ChaosMonkey.Kinds.Except(monkey.Strikes).Any())
        {
            throw new InvalidRunException(
                $"The job was over after {monkey.Kills} kills; it takes {FewestKills}, and each kind of strike once: give it more lines.");
        }
    }

    private static async Task<long> LeftAsync(BatchBench bench, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        long left;
        while ((left = await JobQueues.CountAsync(bench.Platform, cancellationToken)) > 0 && Stopwatch.GetElapsedTime(start) < JobQueues.TwoLocks)
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        return left;
    }

    /// <summary>Whether the disturbed job answered each line of the input once, in its order, and as the peaceful one did.</summary>
    private static async Task<bool> CompareAsync(BatchBench bench, BatchJob peaceful, BatchJob disturbed, CancellationToken cancellationToken)
    {
        var expected = await peaceful.AnswersAsync(bench.Client, cancellationToken);
        var found = await disturbed.AnswersAsync(bench.Client, cancellationToken);
        var input = Enumerable.Range(0, bench.Texts.Length).Select(BatchLines.IdOf).ToList();
        var ids = found.Select(answer => answer.Id).ToHashSet();
        var lost = input.Count(id => !ids.Contains(id));
        var duplicated = found.Count - ids.Count;
        var different = expected.Except(found).Count();

        // No line of this job fails: they are all in the output file.
        var isInOrder = found.Select(answer => answer.Id).SequenceEqual(input);
        bench.Write("chaos_lines_lost", lost, "lines");
        bench.Write("chaos_lines_duplicated", duplicated, "lines");
        bench.Write("chaos_answers_different", different, "lines");
        bench.Write("chaos_in_input_order", isInOrder ? 1 : 0, "bool");
        return lost == 0 && duplicated == 0 && different == 0 && isInOrder;
    }
}
