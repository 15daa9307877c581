namespace Serverless.Inference.Generation.Constraints.Grammar;

/// <summary>A value that may be of any of several kinds.</summary>
internal sealed class GrammarChoice
{
    private GrammarNode[] _alternatives;

    /// <param name="alternatives">At least one.</param>
    /// <param name="depth">How many levels of values there are, this one included.</param>
    /// <param name="size">How many values are described with all references followed.</param>
    public GrammarChoice(IEnumerable<GrammarNode> alternatives, int depth = 1, long size = 1)
    {
        _alternatives = [.. alternatives.Distinct()];
        Depth = depth;
        Size = size;
    }

    /// <summary>Any JSON value at all.</summary>
    public static GrammarChoice Any { get; } = CreateAny();

    public IReadOnlyList<GrammarNode> Alternatives => _alternatives;

    public int Depth { get; }

    public long Size { get; }

    /// <summary>Begins a value with <paramref name="value"/>.</summary>
    public void Step(Frame? parent, byte value, FrameSet next)
    {
        foreach (var alternative in _alternatives)
            alternative.Step(parent, default, value, next);
    }

    private static GrammarChoice CreateAny()
    {
        var any = new GrammarChoice([]);
        any._alternatives =
        [
            StringNode.Instance,
            NumberNode.Number,
            LiteralNode.Boolean,
            LiteralNode.Null,
            new ObjectNode([], any, isFree: true),
            new ArrayNode(any, 0, null, isFree: true),
        ];
        return any;
    }
}
