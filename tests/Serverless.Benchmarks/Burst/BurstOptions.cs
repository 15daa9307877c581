using System.Globalization;

namespace Serverless.Benchmarks.Burst;

/// <summary>What the command line chooses of the suite.</summary>
internal sealed class BurstOptions
{
    private const string AppsWord = "--apps=";
    private const string RoundsWord = "--rounds=";

    private readonly List<string> _words = [];

    /// <summary>How many pairs of runs a figure is made of.</summary>
    public int Rounds { get; private set; } = 20;

    /// <summary>Where apps lie that were published before, each in a folder of its name; null to publish them.</summary>
    public string? Apps { get; private set; }

    /// <summary>Takes the words; false where one means nothing.</summary>
    public bool TryChoose(IEnumerable<string> words, IReadOnlyList<BurstLine> lines)
    {
        foreach (var word in words)
        {
            if (word.StartsWith(RoundsWord, StringComparison.Ordinal)
                && int.TryParse(word.AsSpan(RoundsWord.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds)
                && rounds > 0)
                Rounds = rounds;
            else if (word.StartsWith(AppsWord, StringComparison.Ordinal))
                Apps = Path.GetFullPath(word[AppsWord.Length..]);
            else if (lines.Any(line => Begins(line, word)))
                _words.Add(word);
            else
                return false;
        }

        return true;
    }

    /// <summary>Lines whose metric begins with one of the words, where there are any.</summary>
    public IEnumerable<BurstLine> Choose(IReadOnlyList<BurstLine> lines) =>
        lines.Where(line => _words.Count == 0 || _words.Exists(word => Begins(line, word)));

    private static bool Begins(BurstLine line, string word) => line.Metric.StartsWith(word, StringComparison.Ordinal);
}
