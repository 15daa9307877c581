namespace Serverless.Inference.Generation.Constraints.Vocabulary;

/// <summary>
/// Tokens by their bytes, as a tree written out in preorder: the tokens that can follow a text are found in one walk from left to right
/// that skips the whole subtree of a byte which cannot follow.
/// </summary>
internal sealed class ByteTrie
{
    private readonly byte[] _labels;
    private readonly int[] _depths;
    private readonly int[] _ends;
    private readonly int[] _firstTokens;
    private readonly int[] _tokens;

    public ByteTrie(IEnumerable<int> tokens, Func<int, ReadOnlyMemory<byte>> bytesOf)
    {
        var sorted = tokens.ToArray();
        Array.Sort(sorted, (a, b) => bytesOf(a).Span.SequenceCompareTo(bytesOf(b).Span) is not 0 and var order ? order : a - b);
        var builder = new ByteTrieBuilder();
        foreach (var token in sorted)
            builder.Add(bytesOf(token).Span);
        (_labels, _depths, _ends, _firstTokens) = builder.Build();
        _tokens = sorted;
        MaxDepth = sorted.Length == 0 ? 0 : sorted.Max(token => bytesOf(token).Length);
    }

    /// <summary>How many nodes there are: one for each distinct beginning of a token.</summary>
    public int Count => _labels.Length;

    /// <summary>The bytes of the longest token.</summary>
    public int MaxDepth { get; }

    /// <summary>The last byte of what node <paramref name="node"/> stands for.</summary>
    public byte Label(int node) => _labels[node];

    /// <summary>How many bytes come before it.</summary>
    public int Depth(int node) => _depths[node];

    /// <summary>The first node after its subtree.</summary>
    public int End(int node) => _ends[node];

    /// <summary>The tokens of exactly its bytes.</summary>
    public ReadOnlySpan<int> TokensAt(int node) => _tokens.AsSpan(_firstTokens[node].._firstTokens[node + 1]);

    /// <summary>The tokens that begin with its bytes.</summary>
    public IEnumerable<int> TokensBelow(int node) => _tokens.Skip(_firstTokens[node]).Take(_firstTokens[_ends[node]] - _firstTokens[node]);
}
