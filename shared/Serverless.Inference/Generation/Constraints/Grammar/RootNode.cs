namespace Serverless.Inference.Generation.Constraints.Grammar;

/// <summary>Before the first byte of the text.</summary>
internal sealed class RootNode(GrammarChoice root) : GrammarNode
{
    public override void Step(Frame? parent, Place place, byte value, FrameSet next) => root.Step(parent, value, next);
}
