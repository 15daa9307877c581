using System.Runtime.InteropServices;
using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Inference.Generation.Constraints.Grammar;
using Serverless.Inference.Generation.Constraints.Schema;
using Serverless.Inference.Generation.Constraints.Vocabulary;

namespace Serverless.Inference.Generation.Constraints;

/// <summary>
/// Makes constraints of JSON Schemas. Every text that a constraint lets through to its end is JSON that matches; not every JSON that
/// matches is let through: properties come in the schema's order, numbers have a bounded number of digits, white space is sparing.
/// </summary>
internal static class ConstraintCompiler
{
    /// <summary>A constraint to JSON that <paramref name="schema"/> describes; null for any JSON object.</summary>
    /// <exception cref="InferenceException">
    /// The schema is too large or uses what is not supported, or the model cannot write JSON.
    /// </exception>
    public static TokenConstraint Compile(JsonElement? schema, TokenVocabulary vocabulary)
    {
        if (vocabulary.MissingAscii.Count > 0)
        {
            throw SchemaFault.Whole(
                $"The model's vocabulary has no tokens for some characters that JSON needs: {string.Join(' ', vocabulary.MissingAscii)}");
        }

        return new TokenConstraint(schema is { } given ? Read(given, vocabulary) : AnyObject(), vocabulary);
    }

    private static GrammarChoice AnyObject() => new([new ObjectNode([], GrammarChoice.Any)]);

    private static GrammarChoice Read(JsonElement schema, TokenVocabulary vocabulary)
    {
        if (JsonMarshal.GetRawUtf8Value(schema).Length > SchemaLimits.MaxBytes)
            throw SchemaFault.Whole($"The schema is longer than {SchemaLimits.MaxBytes} bytes.");
        try
        {
            return new SchemaReader(schema, vocabulary).Read(schema, "#", depth: 1);
        }
        catch (InvalidOperationException error)
        {
            // What JsonElement throws for it.
            throw new InferenceException(
                ErrorKind.InvalidRequest, "The schema has a text with half a surrogate pair, which is no text.", "response_format", error);
        }
    }
}
