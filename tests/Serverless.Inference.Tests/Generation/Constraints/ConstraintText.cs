using System.Text;
using System.Text.Json;
using Serverless.Inference.Generation.Constraints;
using Serverless.Inference.Generation.Constraints.Vocabulary;

namespace Serverless.Inference.Tests.Generation.Constraints;

/// <summary>Puts texts through constraints byte by byte.</summary>
internal static class ConstraintText
{
    private static readonly Lazy<TokenVocabulary> Bytes =
        new(() => TestTokenizer.Bytes.ToVocabulary());

    public static TokenConstraint Compile(string? schema)
    {
        using var document = schema is null ? null : JsonDocument.Parse(schema);
        return ConstraintCompiler.Compile(document?.RootElement, Bytes.Value);
    }

    /// <summary>Whether the masks let all of <paramref name="text"/> through, and its end after it.</summary>
    public static bool Accepts(string? schema, string text) => LetsThrough(Compile(schema), text);

    /// <summary>The same of a constraint that is compiled already.</summary>
    public static bool LetsThrough(TokenConstraint constraint, string text)
    {
        var state = constraint.Start();
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            if (!Allowed(state).Contains(value))
                return false;
            state.Accept(value);
        }

        return Allowed(state).Contains(TestTokenizer.Bytes.End);
    }

    /// <summary>The tokens that the mask leaves.</summary>
    public static HashSet<int> Allowed(ConstraintState state)
    {
        var logits = new float[state.Constraint.Vocabulary.Size];
        state.Mask(logits);
        return [.. Enumerable.Range(0, logits.Length).Where(token => logits[token] == 0)];
    }
}
