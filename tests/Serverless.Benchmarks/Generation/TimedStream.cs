using System.Diagnostics;
using Serverless.Inference.Execution;
using Serverless.Inference.Generation;
using Serverless.Inference.Generation.Sampling;

namespace Serverless.Benchmarks.Generation;

/// <summary>A greedy continuation, and when its tokens came.</summary>
internal sealed class TimedStream
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly List<(long At, int Tokens)> _arrivals = [];
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TextGeneration _generation;

    private TimedStream(TextGeneration generation)
    {
        _generation = generation;
        Ended = ReadAsync();
    }

    /// <summary>How many tokens had come by when.</summary>
    public IReadOnlyList<(long At, int Tokens)> Arrivals => _arrivals;

    /// <summary>Completes with the first token.</summary>
    public Task First => _first.Task;

    /// <summary>Completes with the last one.</summary>
    public Task Ended { get; }

    /// <summary>Tokens so far.</summary>
    public int Tokens => _generation.Usage.CompletionTokens;

    /// <summary>From the start to the first token; only once it is there.</summary>
    public TimeSpan TimeToFirst => Stopwatch.GetElapsedTime(_started, _arrivals[0].At);

    public static TimedStream Start(TextGenerator generator, int[] prompt, int tokens, CancellationToken cancellationToken) =>
        new(generator.Start(
            new GenerationRequest { Prompt = prompt, MaxTokens = tokens, IgnoreEos = true, Sampling = new SamplingOptions { Temperature = 0 } },
            RunTerms.Default,
            cancellationToken));

    /// <summary>
    /// Seconds between one token and the next within a time. Tokens that came together are one interval: they would count as fast ones.
    /// </summary>
    public IEnumerable<double> Intervals(long from, long to) => _arrivals.Zip(_arrivals.Skip(1))
        .Where(pair => pair.First.At >= from && pair.Second.At <= to)
        .Select(pair => Stopwatch.GetElapsedTime(pair.First.At, pair.Second.At).TotalSeconds);

    private async Task ReadAsync()
    {
        try
        {
            await foreach (var piece in _generation.ReadAllAsync())
            {
                _arrivals.Add((Stopwatch.GetTimestamp(), _generation.Usage.CompletionTokens));
                _first.TrySetResult();
            }
        }
        finally
        {
            _first.TrySetResult();
        }
    }
}
