using System.Diagnostics;
using Serverless.Inference.Execution;
using Serverless.Inference.Generation;
using Serverless.Inference.Generation.Sampling;

namespace Serverless.Optimization.Evaluation;

/// <summary>Compares decoders by how well they foretell real texts, and by the token each would choose.</summary>
internal sealed class DecoderComparison(IReadOnlyList<int[]> windows) : IComparison
{
    private const int MaxWindows = 16;
    private const int MaxLength = 128;
    private const int MinLength = 8;
    private const int Streams = 4;
    private const int Tokens = 32;

    public string References => $"{windows.Sum(window => window.Length - 1)} tokens of text in {windows.Count} windows";

    /// <exception cref="ArgumentException">The texts are too short to tell anything.</exception>
    public static DecoderComparison Create(IReadOnlyList<string> texts, TextGenerator generator)
    {
        var length = Math.Min(MaxLength, generator.ContextLength / 2);
        var tokens = texts.SelectMany(text => generator.Encode(text + "\n")).Take(MaxWindows * length).ToList();
        var windows = tokens.Chunk(length).Where(window => window.Length >= Math.Min(MinLength, length)).ToList();
        // Windows run together step by step: all are as long as the shortest.
        var full = windows.Where(window => window.Length == length).ToList();
        return windows.Count > 0
            ? new DecoderComparison(full.Count > 0 ? full : windows)
            : throw new ArgumentException($"The texts have {tokens.Count} tokens; perplexity needs {MinLength} at least (--texts FILE).", nameof(texts));
    }

    public async Task<IReadOnlyList<(string Name, double Value)>> CompareAsync(
        ServedVersion parent, ServedVersion candidate, CancellationToken cancellationToken)
    {
        var wanted = await DecoderScore.OfAsync(parent, windows, cancellationToken);
        var found = await DecoderScore.OfAsync(candidate, windows, cancellationToken);
        var agreed = wanted.Choices.Zip(found.Choices).Count(pair => pair.First == pair.Second) / (double)wanted.Choices.Count;
        return
        [
            (FigureNames.Perplexity, Math.Exp(found.NatsPerToken - wanted.NatsPerToken)),
            (FigureNames.Top1, agreed),
            ("perplexity", Math.Exp(found.NatsPerToken)),
        ];
    }

    public async Task<double> MeasureAsync(ServedVersion version, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, Streams).Select(i => GenerateAsync(version, windows[i % windows.Count], cancellationToken)));
        return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<int> GenerateAsync(ServedVersion version, int[] window, CancellationToken cancellationToken)
    {
        var generation = version.Lease.Generator!.Start(
            new GenerationRequest
            {
                Prompt = window[..Math.Min(MinLength, window.Length)],
                MaxTokens = Math.Min(Tokens, version.Lease.Generator.ContextLength / 2),
                IgnoreEos = true,
                Sampling = new SamplingOptions { Temperature = 0 },
            },
            RunTerms.Default,
            cancellationToken);
        await foreach (var _ in generation.ReadAllAsync())
        {
        }

        return generation.Usage.CompletionTokens;
    }
}
