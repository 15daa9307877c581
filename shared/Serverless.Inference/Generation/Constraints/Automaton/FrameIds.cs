namespace Serverless.Inference.Generation.Constraints.Automaton;

/// <summary>The frames of a state by their ids, in order.</summary>
internal readonly struct FrameIds(int[] ids, bool hasEnd) : IEquatable<FrameIds>
{
    private readonly int[] _ids = ids;
    private readonly bool _hasEnd = hasEnd;

    public bool Equals(FrameIds other) => _hasEnd == other._hasEnd && _ids.AsSpan().SequenceEqual(other._ids);

    public override bool Equals(object? obj) => obj is FrameIds other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(_hasEnd);
        foreach (var id in _ids)
            hash.Add(id);
        return hash.ToHashCode();
    }
}
