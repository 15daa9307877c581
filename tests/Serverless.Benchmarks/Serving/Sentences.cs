using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Serverless.Inference.Embeddings;

namespace Serverless.Benchmarks.Serving;

/// <summary>Real sentences of mixed length: the verses of the King James Bible, which Debian's package bible-kjv prints.</summary>
internal static partial class Sentences
{
    private const int MaxTokens = 512;

    /// <summary>Sentences drawn from the whole text, tokenised, in an order that is the same every time.</summary>
    /// <param name="vocabulary">The vocabulary's file.</param>
    /// <param name="count">How many.</param>
    /// <param name="isWanted">Which lengths in tokens are taken.</param>
    public static IReadOnlyList<Row> Draw(string vocabulary, int count, Func<int, bool> isWanted)
    {
        var tokenizer = new TextTokenizer(File.ReadAllText(vocabulary), lowerCase: true, MaxTokens);
        var verses = Verses();
        new Random(11).Shuffle(verses);
        var rows = verses.Select(verse => Row.OfTokens(tokenizer.Encode(verse, "text")))
            .Where(row => isWanted(row.Length)).Take(count).ToList();
        return rows.Count == count ? rows : throw new InvalidOperationException($"Only {rows.Count} sentences have such a length.");
    }

    /// <summary>Sentences drawn from the whole text, the same every time.</summary>
    public static IReadOnlyList<string> Texts(int count)
    {
        var verses = Verses();
        new Random(11).Shuffle(verses);
        return verses[..count];
    }

    private static string[] Verses()
    {
        try
        {
            using var bible = Process.Start(new ProcessStartInfo("bible", ["-f", "gen1:1-rev22:21"]) { RedirectStandardOutput = true })!;
            var text = bible.StandardOutput.ReadToEnd();
            bible.WaitForExit();
            return [.. text.Split('\n').Select(line => Reference().Replace(line, "").Trim()).Where(line => line.Length > 0)];
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException("The sentences come from Debian's package bible-kjv, which is not installed.");
        }
    }

    // "Gen1:1 In the beginning …"
    [GeneratedRegex(@"^\S+\s?\d+:\d+\s")]
    private static partial Regex Reference();
}
