using System.Diagnostics;
using Serverless.Inference.Generation;

namespace Serverless.Benchmarks.Generation;

/// <summary>Tokens per second of streams that run side by side.</summary>
internal static class StreamSpeed
{
    private const int MinTokens = 16;

    /// <summary>
    /// Measured from when the last of them has its first token until the first of them has its last: while all run, and nobody's prompt.
    /// </summary>
    public static async Task<double> MeasureAsync(
        TextGenerator generator, IReadOnlyList<int[]> prompts, int tokens, CancellationToken cancellationToken)
    {
        // Prompts that are known go in at once, so that all streams run at the same length.
        await PrimeAsync(generator, prompts, cancellationToken);
        var streams = prompts.Select(prompt => TimedStream.Start(generator, prompt, tokens, cancellationToken)).ToList();
        await Task.WhenAll(streams.Select(stream => stream.Ended));
        var start = streams.Max(stream => stream.Arrivals[0].At);
        var end = streams.Min(stream => stream.Arrivals[^1].At);
        var counted = streams.Sum(stream => TokensAt(stream, end) - TokensAt(stream, start));
        return counted >= prompts.Count * Math.Min(MinTokens, tokens - 1)
            ? counted / Stopwatch.GetElapsedTime(start, end).TotalSeconds
            : throw new InvalidRunException($"the {prompts.Count} streams ran together for no more than {counted} tokens.");
    }

    private static async Task PrimeAsync(TextGenerator generator, IReadOnlyList<int[]> prompts, CancellationToken cancellationToken)
    {
        foreach (var prompt in prompts)
            await TimedStream.Start(generator, prompt, 1, cancellationToken).Ended;
    }

    private static int TokensAt(TimedStream stream, long time) => stream.Arrivals.LastOrDefault(arrival => arrival.At <= time).Tokens;
}
