namespace Serverless.Inference.Generation.Constraints.Grammar;

/// <summary>
/// A place in one node's text within its parents': a stack that shares its lower part. Equal stacks are the same object, see
/// <see cref="FrameSet"/>.
/// </summary>
internal sealed class Frame(Frame? parent, GrammarNode node, Place place, int id)
{
    /// <summary>Where the text goes on after this node's; null where it ends.</summary>
    public Frame? Parent { get; } = parent;

    public GrammarNode Node { get; } = node;

    public Place Place { get; } = place;

    /// <summary>For sets of frames to be compared by.</summary>
    public int Id { get; } = id;

    /// <summary>How many objects and arrays are open.</summary>
    public int Depth { get; } = (parent?.Depth ?? 0) + (node.IsContainer ? 1 : 0);
}
