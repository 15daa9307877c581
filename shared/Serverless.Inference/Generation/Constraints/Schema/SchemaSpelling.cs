using System.Text;
using Serverless.Inference.Generation.Constraints.Vocabulary;

namespace Serverless.Inference.Generation.Constraints.Schema;

/// <summary>Texts of a schema that the model must be able to write.</summary>
internal static class SchemaSpelling
{
    /// <summary>The bytes of <paramref name="text"/>.</summary>
    /// <exception cref="Serverless.Contracts.Errors.InferenceException">The vocabulary has no tokens for it.</exception>
    public static byte[] Spell(string text, TokenVocabulary vocabulary, string path) =>
        vocabulary.FindUnspellable(text) is { } character
            ? throw SchemaFault.At(path, $"asks for the character '{character}', for which the model has no token.")
            : Encoding.UTF8.GetBytes(text);
}
