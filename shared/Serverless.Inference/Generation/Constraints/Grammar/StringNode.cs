using Serverless.Inference.Generation.Constraints.Vocabulary;

namespace Serverless.Inference.Generation.Constraints.Grammar;

/// <summary>Any string. The phase is one of <see cref="StringStates"/>, 0 before the opening quote.</summary>
internal sealed class StringNode : GrammarNode
{
    private StringNode()
    {
    }

    public static StringNode Instance { get; } = new();

    public override bool IsInString(Place place) => place.Phase == StringStates.Body;

    public override void Step(Frame? parent, Place place, byte value, FrameSet next)
    {
        if (place.Phase == 0)
        {
            if (value == '"')
                next.Add(parent, this, new Place(StringStates.Body));
            return;
        }

        var state = StringStates.Next((byte)place.Phase, value);
        if (state == StringStates.Closed)
            next.Finish(parent);
        else if (state != StringStates.Dead)
            next.Add(parent, this, new Place(state));
    }
}
