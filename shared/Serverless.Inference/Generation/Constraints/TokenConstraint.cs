using Serverless.Inference.Generation.Constraints.Automaton;
using Serverless.Inference.Generation.Constraints.Grammar;
using Serverless.Inference.Generation.Constraints.Vocabulary;

namespace Serverless.Inference.Generation.Constraints;

/// <summary>What a text must match, compiled for one vocabulary. Immutable; shared by any number of continuations.</summary>
public sealed class TokenConstraint
{
    internal TokenConstraint(GrammarChoice root, TokenVocabulary vocabulary, long memory = ConstraintAutomaton.DefaultMemory)
    {
        Automaton = new ConstraintAutomaton(root, vocabulary, memory);
        Vocabulary = vocabulary;
    }

    internal ConstraintAutomaton Automaton { get; }

    internal TokenVocabulary Vocabulary { get; }

    /// <summary>A continuation that has no text yet.</summary>
    internal ConstraintState Start() => new(this);
}
