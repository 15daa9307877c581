namespace Serverless.Inference.Generation.Constraints;

/// <summary>What a text must match, compiled for one vocabulary. Immutable; shared by any number of continuations.</summary>
public sealed class TokenConstraint
{
    internal TokenConstraint()
    {
    }

    /// <summary>A continuation that has no text yet.</summary>
    internal ConstraintState Start() => new(this);
}
