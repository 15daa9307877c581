using Serverless.Inference.Generation.Constraints.Automaton;

namespace Serverless.Inference.Generation.Constraints;

/// <summary>How far one continuation has come in matching its constraint. Belongs to the generation loop's thread.</summary>
internal sealed class ConstraintState
{
    private AutomatonState _state;
    private bool _hasEnded;

    internal ConstraintState(TokenConstraint constraint)
    {
        Constraint = constraint;
        _state = constraint.Automaton.Start;
    }

    public TokenConstraint Constraint { get; }

    /// <summary>Whether the text matches as it is and nothing can follow: the continuation ends.</summary>
    public bool IsComplete => _hasEnded || _state.IsFinal;

    /// <summary>
    /// Sets the logits of all tokens that cannot follow to negative infinity. The model's end tokens are allowed where the text matches as
    /// it is, and nowhere else.
    /// </summary>
    public void Mask(Span<float> logits) => Constraint.Automaton.MaskOf(_state).Apply(logits, Constraint.Vocabulary);

    /// <summary>Moves on by <paramref name="token"/>, which the mask allowed.</summary>
    /// <exception cref="InvalidOperationException">The mask did not allow it.</exception>
    public void Accept(int token)
    {
        if (_state.CanEnd && Constraint.Vocabulary.EndTokens.Contains(token))
        {
            _hasEnded = true;
            return;
        }

        var bytes = Constraint.Vocabulary.BytesOf(token).Span;
        var state = Constraint.Automaton.Advance(_state, bytes);
        if (bytes.IsEmpty || ReferenceEquals(state, AutomatonState.Dead))
            throw new InvalidOperationException($"Token {token} cannot follow the text so far.");
        _state = state;
    }
}
