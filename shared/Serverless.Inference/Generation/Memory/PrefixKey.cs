namespace Serverless.Inference.Generation.Memory;

/// <summary>What a block continues, and its tokens. Equal only where everything before is the same too.</summary>
internal readonly struct PrefixKey(object before, ReadOnlyMemory<int> tokens) : IEquatable<PrefixKey>
{
    private readonly object _before = before;
    private readonly ReadOnlyMemory<int> _tokens = tokens;

    /// <summary>The same with tokens that nobody changes any more.</summary>
    public PrefixKey Keep() => new(_before, _tokens.ToArray());

    public bool Equals(PrefixKey other) => _before.Equals(other._before) && _tokens.Span.SequenceEqual(other._tokens.Span);

    public override bool Equals(object? obj) => obj is PrefixKey other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(_before);
        foreach (var token in _tokens.Span)
            hash.Add(token);
        return hash.ToHashCode();
    }
}
