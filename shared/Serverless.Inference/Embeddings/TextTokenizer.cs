using System.Buffers;
using FastBertTokenizer;
using Serverless.Contracts.Errors;
using Serverless.Inference.Onnx;

namespace Serverless.Inference.Embeddings;

/// <summary>Turns a text into the token ids of a BERT-like model.</summary>
internal sealed class TextTokenizer
{
    // Far beyond what fits any such model, and little enough to count exactly for the message.
    private const int MaxCharacters = 200_000;

    private readonly BertTokenizer _tokenizer = new();

    public TextTokenizer(string vocabulary, bool lowerCase, int maxTokens)
    {
        MaxTokens = maxTokens;
        // Vocabularies that travelled through Windows have CR LF, and the CR would become part of every token.
        vocabulary = vocabulary.Replace("\r", string.Empty, StringComparison.Ordinal);
        try
        {
            _tokenizer.LoadVocabulary(new StringReader(vocabulary), lowerCase);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or KeyNotFoundException)
        {
            throw new ModelRefusedException($"its vocabulary cannot be read: {error.Message}", error);
        }

        VocabularySize = vocabulary.AsSpan().TrimEnd('\n').Count('\n') + 1;
    }

    /// <summary>The most tokens that the model takes.</summary>
    public int MaxTokens { get; }

    /// <summary>Token ids are below this.</summary>
    public int VocabularySize { get; }

    /// <exception cref="InferenceException">The text is empty, or too long for the model.</exception>
    public long[] Encode(string text, string param)
    {
        if (text.Length == 0)
            throw new InferenceException(ErrorKind.InvalidRequest, $"{param} is an empty string; nothing can be embedded.", param);
        if (text.Length > MaxCharacters)
        {
            throw new InferenceException(
                ErrorKind.InvalidRequest,
                $"{param} has {text.Length} characters; the model takes {MaxTokens} tokens and texts of up to {MaxCharacters} characters.",
                param);
        }

        var ids = Encode(text, MaxTokens + 1);
        return ids.Length <= MaxTokens ? ids : throw TooLong(CountTokens(text), MaxTokens, param);
    }

    public static InferenceException TooLong(int tokens, int limit, string param) => new(
        ErrorKind.InvalidRequest, $"{param} has {tokens} tokens; the model takes at most {limit}.", param);

    private int CountTokens(string text) => Encode(text, (text.Length * 4) + 2).Length;

    private long[] Encode(string text, int capacity)
    {
        var ids = ArrayPool<long>.Shared.Rent(capacity);
        var mask = ArrayPool<long>.Shared.Rent(capacity);
        try
        {
            // The overload over spans keeps no state, so requests can encode side by side.
            var count = _tokenizer.Encode(text, ids.AsSpan(0, capacity), mask.AsSpan(0, capacity));
            return ids.AsSpan(0, count).ToArray();
        }
        finally
        {
            ArrayPool<long>.Shared.Return(ids);
            ArrayPool<long>.Shared.Return(mask);
        }
    }
}
