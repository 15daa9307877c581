using System.Globalization;
using Serverless.Benchmarks.Batch.Parts;

namespace Serverless.Benchmarks.Batch;

/// <summary>
/// Jobs: how near an undisturbed one comes to the engine alone, what validation costs, what several workers cost, and whether a job whose
/// processes are killed still answers every line once.
/// </summary>
internal sealed class BatchSuite : ITakesWords
{
    public const string SuiteName = "batch";

    private const string LinesWord = "--lines=";

    // In this order: idle before anything was done; the gateway's peak is taken while it has done nothing else but one job, and chaos leaves a second worker behind.
    private static readonly (string Word, Func<BatchBench, CancellationToken, Task> MeasureAsync)[] Parts =
    [
        ("idle", Idle.MeasureAsync), ("throughput", Throughput.MeasureAsync), ("memory", Memory.MeasureAsync), ("workers", Workers.MeasureAsync), ("chaos", Chaos.MeasureAsync),
    ];

    private readonly HashSet<string> _words = [];
    private int _lines = int.TryParse(Environment.GetEnvironmentVariable("BATCH_LINES"), CultureInfo.InvariantCulture, out var lines) ? lines : 50_000;

    public string Name => SuiteName;

    public string Usage => $"batch takes more words: {string.Join(", ", Parts.Select(part => part.Word))} choose parts; --lines=50000";

    public bool TryChoose(IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            if (Parts.Any(part => part.Word == word))
                _words.Add(word);
            else if (!word.StartsWith(LinesWord, StringComparison.Ordinal)
                || !int.TryParse(word.AsSpan(LinesWord.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _lines) || _lines < 1)
                return false;
        }

        return true;
    }

    public async Task RunAsync(FigureWriter figures, CancellationToken cancellationToken)
    {
        await using var bench = await BatchBench.StartAsync(_lines, figures, cancellationToken);
        foreach (var (_, measureAsync) in Parts.Where(part => _words.Count == 0 || _words.Contains(part.Word)))
            await measureAsync(bench, cancellationToken);
    }
}
