using System.Text;

namespace TinyLm.Tokens;

/// <summary>Finds the merges that shorten a text most: again and again the pair of tokens that occurs most often becomes one.</summary>
internal static class BytePairTrainer
{
    /// <param name="texts">What to learn from.</param>
    /// <param name="size">How many tokens there shall be, special ones included.</param>
    /// <returns>The merges in order; fewer where no pair is left that occurs twice.</returns>
    public static IReadOnlyList<Merge> Train(IEnumerable<string> texts, int size)
    {
        var words = texts.SelectMany(WordPattern.Cut).CountBy(word => word)
            .OrderBy(word => word.Key, StringComparer.Ordinal)
            .Select(word => (Tokens: BytePairTokenizer.Bytes(Encoding.UTF8.GetBytes(word.Key)), Count: word.Value))
            .ToList();
        var merges = new List<Merge>();
        var counts = new long[size * size];
        while (BytePairTokenizer.FirstMerge + merges.Count < size)
        {
            Array.Clear(counts);
            foreach (var (tokens, count) in words)
            {
                for (var i = 0; i + 1 < tokens.Count; i++)
                    counts[(tokens[i] * size) + tokens[i + 1]] += count;
            }

            // The first of the highest, so that the outcome is the same everywhere.
            var best = Array.IndexOf(counts, counts.Max());
            if (counts[best] < 2)
                break;
            var merge = new Merge(best / size, best % size);
            foreach (var (tokens, _) in words)
                Apply(tokens, merge, BytePairTokenizer.FirstMerge + merges.Count);
            merges.Add(merge);
        }

        return merges;
    }

    /// <summary>Replaces the pair by its token, from the left.</summary>
    public static void Apply(List<int> tokens, Merge merge, int merged)
    {
        var kept = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            var pair = i + 1 < tokens.Count && tokens[i] == merge.Left && tokens[i + 1] == merge.Right;
            tokens[kept++] = pair ? merged : tokens[i];
            if (pair)
                i++;
        }

        tokens.RemoveRange(kept, tokens.Count - kept);
    }
}
