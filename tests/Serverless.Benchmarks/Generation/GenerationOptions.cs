using System.Globalization;

namespace Serverless.Benchmarks.Generation;

/// <summary>What the command line chooses of the suite.</summary>
internal sealed class GenerationOptions
{
    private const string RequestsWord = "--requests=";
    private const string RoundsWord = "--rounds=";

    private readonly List<string> _words = [];

    /// <summary>How many requests arrive in the long run.</summary>
    public int Requests { get; private set; } = 1000;

    /// <summary>How many pairs of runs a ratio is made of.</summary>
    public int Rounds { get; private set; } = 5;

    /// <summary>Takes the words; false where one means nothing.</summary>
    public bool TryChoose(IEnumerable<string> words, IReadOnlyList<GenerationLine> lines)
    {
        foreach (var word in words)
        {
            if (TryNumber(word, RequestsWord, out var requests))
                Requests = requests;
            else if (TryNumber(word, RoundsWord, out var rounds))
                Rounds = rounds;
            else if (lines.Any(line => IsMetric(line, word) || line.Model == word))
                _words.Add(word);
            else
                return false;
        }

        return true;
    }

    /// <summary>Lines whose metric begins with one of the words and whose model is one of them, where there are such words.</summary>
    public IEnumerable<GenerationLine> Choose(IReadOnlyList<GenerationLine> lines)
    {
        var models = _words.Where(word => lines.Any(line => line.Model == word)).ToList();
        var metrics = _words.Except(models).ToList();
        return lines
            .Where(line => models.Count == 0 || models.Contains(line.Model))
            .Where(line => metrics.Count == 0 || metrics.Any(word => IsMetric(line, word)));
    }

    private static bool TryNumber(string word, string name, out int number)
    {
        number = 0;
        return word.StartsWith(name, StringComparison.Ordinal)
            && int.TryParse(word.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
    }

    private static bool IsMetric(GenerationLine line, string word) =>
        line.Metrics.Any(metric => metric.StartsWith(word, StringComparison.Ordinal));
}
