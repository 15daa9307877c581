namespace Serverless.Inference.Generation.Constraints.Grammar;

/// <summary>One of some fixed texts. The place's index is a node of the trie.</summary>
internal sealed class LiteralNode(IEnumerable<byte[]> texts) : GrammarNode
{
    private readonly LiteralTrie _trie = new(texts, tracksTexts: false);

    public static LiteralNode Boolean { get; } = new(["true"u8.ToArray(), "false"u8.ToArray()]);

    public static LiteralNode Null { get; } = new(["null"u8.ToArray()]);

    // Such as 1 of 1 and 12.
    public override bool CanEnd(Place place) => _trie.TextAt(place.Index) >= 0;

    public override void Step(Frame? parent, Place place, byte value, FrameSet next)
    {
        var node = _trie.Find(place.Index, value);
        if (node < 0)
            return;
        if (_trie.GoesOn(node))
            next.Add(parent, this, new Place(0, node));
        else
            next.Finish(parent);
    }
}
