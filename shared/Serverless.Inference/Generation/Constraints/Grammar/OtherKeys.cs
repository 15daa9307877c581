using Serverless.Inference.Generation.Constraints.Vocabulary;

namespace Serverless.Inference.Generation.Constraints.Grammar;

/// <summary>
/// Keys of an object that its schema does not name. As long as a key is like the beginning of a named one it may hold no escapes, which
/// could spell out the rest of the name in other bytes; after that it is a string like any other.
/// </summary>
internal sealed class OtherKeys(LiteralTrie named)
{
    private readonly byte[] _stringStates = named.StatesOf(StringStates.Body, StringStates.Next);

    /// <summary>After the opening quote.</summary>
    public OtherKeyPlace Begin() => named.GoesOn(0) ? new OtherKeyPlace(0) : new OtherKeyPlace(-1, StringStates.Body);

    /// <summary>Whether a key may be anything from <paramref name="keyNode"/> on, but for escapes and the rest of a name.</summary>
    public bool IsBetweenCharacters(int keyNode) => _stringStates[keyNode] == StringStates.Body;

    /// <summary>One byte on from <paramref name="keyNode"/>.</summary>
    public OtherKeyPlace Next(int keyNode, byte value)
    {
        if (value == '\\')
            return OtherKeyPlace.Dead;
        var node = named.Find(keyNode, value);
        if (node >= 0)
            return named.TextAt(node) >= 0 ? OtherKeyPlace.Dead : new OtherKeyPlace(node);
        return StringStates.Next(_stringStates[keyNode], value) switch
        {
            StringStates.Dead => OtherKeyPlace.Dead,
            StringStates.Closed => new OtherKeyPlace(-1, 0, IsClosed: true),
            var state => new OtherKeyPlace(-1, state),
        };
    }
}
