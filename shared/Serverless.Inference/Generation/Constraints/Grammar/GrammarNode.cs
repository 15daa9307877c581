namespace Serverless.Inference.Generation.Constraints.Grammar;

/// <summary>One kind of JSON value that is allowed somewhere. Immutable; every place that can be reached can also be finished.</summary>
internal abstract class GrammarNode
{
    /// <summary>Whether other values are within it.</summary>
    public virtual bool IsContainer => false;

    /// <summary>Adds the places that <paramref name="value"/> leads to, none where it cannot follow.</summary>
    /// <param name="parent">Where the text goes on after this node's.</param>
    /// <param name="place">Where in the node's text the byte is read.</param>
    /// <param name="value">The byte.</param>
    /// <param name="next">Takes what it leads to.</param>
    public abstract void Step(Frame? parent, Place place, byte value, FrameSet next);

    /// <summary>Whether the text may end at a place where it may also go on; one that must end is finished at once.</summary>
    public virtual bool CanEnd(Place place) => false;

    /// <summary>Whether a place is between two characters of a string of which most could be anything.</summary>
    public virtual bool IsInString(Place place) => false;
}
