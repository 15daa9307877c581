namespace Serverless.Benchmarks.Serving;

/// <summary>What the command line chooses of the suite.</summary>
internal sealed class ServingOptions
{
    private const string OverloadSeconds = "--overload-seconds=";

    private readonly List<string> _words = [];

    /// <summary>How long the overload lasts.</summary>
    public TimeSpan Overload { get; private set; } = TimeSpan.FromSeconds(60);

    /// <summary>Takes the words; false where one means nothing.</summary>
    public bool TryChoose(IEnumerable<string> words, IReadOnlyList<ServingLine> lines)
    {
        foreach (var word in words)
        {
            if (word.StartsWith(OverloadSeconds, StringComparison.Ordinal)
                && int.TryParse(word.AsSpan(OverloadSeconds.Length), out var seconds)
                && seconds > 0)
            {
                Overload = TimeSpan.FromSeconds(seconds);
            }
            else if (lines.Any(line => IsMetric(line, word) || line.Model == word))
            {
                _words.Add(word);
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Lines whose metric begins with one of the words and whose model is one of them, where there are such words.</summary>
    public IEnumerable<ServingLine> Choose(IReadOnlyList<ServingLine> lines)
    {
        var models = _words.Where(word => lines.Any(line => line.Model == word)).ToList();
        var metrics = _words.Except(models).ToList();
        return lines
            .Where(line => models.Count == 0 || models.Contains(line.Model))
            .Where(line => metrics.Count == 0 || metrics.Any(word => IsMetric(line, word)));
    }

    private static bool IsMetric(ServingLine line, string word) =>
        line.Metrics.Any(metric => metric.StartsWith(word, StringComparison.Ordinal));
}
