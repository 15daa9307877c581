using System.Text;

namespace TinyLm.Tokens;

/// <summary>
/// Text as tokens and back. The numbers are: the special tokens, then the 256 bytes, then one for each merge. Special tokens written out
/// in a text are plain text here.
/// </summary>
internal sealed class BytePairTokenizer
{
    /// <summary>The number of the first merge's token.</summary>
    public static readonly int FirstMerge = SpecialTokens.Count + 256;

    private readonly Dictionary<Merge, int> _merged = [];
    private readonly Dictionary<string, int[]> _words = [];
    private readonly byte[][] _bytes;

    public BytePairTokenizer(IReadOnlyList<Merge> merges)
    {
        Merges = merges;
        _bytes = new byte[FirstMerge + merges.Count][];
        for (var special = 0; special < SpecialTokens.Count; special++)
            _bytes[special] = [];
        for (var value = 0; value < 256; value++)
            _bytes[SpecialTokens.Count + value] = [(byte)value];
        foreach (var (index, merge) in merges.Index())
        {
            _merged.Add(merge, FirstMerge + index);
            _bytes[FirstMerge + index] = [.. _bytes[merge.Left], .. _bytes[merge.Right]];
        }
    }

    public IReadOnlyList<Merge> Merges { get; }

    public int Count => _bytes.Length;

    /// <summary>The tokens of single bytes.</summary>
    public static List<int> Bytes(ReadOnlySpan<byte> text)
    {
        var tokens = new List<int>(text.Length);
        foreach (var value in text)
            tokens.Add(SpecialTokens.Count + value);
        return tokens;
    }

    public int[] Encode(string text) => [.. WordPattern.Cut(text).SelectMany(EncodeWord)];

    /// <summary>The text of tokens; special ones have none.</summary>
    public string Decode(IEnumerable<int> tokens) => Encoding.UTF8.GetString([.. tokens.SelectMany(token => _bytes[token])]);

    /// <summary>The bytes that a token stands for.</summary>
    public ReadOnlySpan<byte> BytesOf(int token) => _bytes[token];

    // Not safe for several threads: words are remembered.
    private int[] EncodeWord(string word)
    {
        if (_words.TryGetValue(word, out var known))
            return known;
        var tokens = Bytes(Encoding.UTF8.GetBytes(word));
        while (FirstPair(tokens) is { } merged)
            BytePairTrainer.Apply(tokens, Merges[merged - FirstMerge], merged);
        return _words[word] = [.. tokens];
    }

    /// <summary>The earliest merge that applies.</summary>
    private int? FirstPair(List<int> tokens)
    {
        int? first = null;
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            if (_merged.TryGetValue(new Merge(tokens[i], tokens[i + 1]), out var merged) && !(merged > first))
                first = merged;
        }

        return first;
    }
}
