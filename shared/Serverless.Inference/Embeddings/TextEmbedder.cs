using System.Globalization;
using Serverless.Contracts.Errors;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Onnx;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Embeddings;

/// <summary>Texts to vectors: tokenize, run, mean-pool over the tokens, scale to length 1.</summary>
public sealed class TextEmbedder
{
    /// <summary>The file of the package that lists its tokens.</summary>
    internal const string Vocabulary = "vocab.txt";

    internal const string Ids = "input_ids";
    internal const string Mask = "attention_mask";
    internal const string Types = "token_type_ids";
    private const int DefaultMaxTokens = 512;

    private readonly TextTokenizer _tokenizer;
    private readonly string _output;
    private readonly bool _hasTypes;

    private TextEmbedder(TextTokenizer tokenizer, OnnxSignature signature)
    {
        _tokenizer = tokenizer;
        _output = HiddenState(signature).Name;
        _hasTypes = signature.Inputs.Any(input => input.Name == Types);
    }

    /// <summary>The most tokens that one input may have, special tokens included.</summary>
    public int MaxTokens => _tokenizer.MaxTokens;

    /// <summary>
    /// Embeds <paramref name="inputs"/> with the model that <paramref name="lease"/> holds. Each is a row of its own to the engine, which
    /// runs it with rows of like length, whoever sent them.
    /// </summary>
    /// <exception cref="InferenceException">An input is empty or too long, or the model cannot take it now.</exception>
    public async Task<EmbeddingOutcome> EmbedAsync(
        ModelLease lease, IReadOnlyList<EmbeddingInput> inputs, RunTerms terms, CancellationToken cancellationToken)
    {
        var rows = inputs.Select(Encode).ToArray();
        var request = new EmbeddingRun(lease, rows, new RowRun(_output, _hasTypes, terms));
        await request.RunAsync(cancellationToken);
        return new EmbeddingOutcome(request.Vectors, rows.Sum(row => row.Length), request.Queue, request.Run) { Device = request.Device };
    }

    /// <summary>The package's tokenizer, which takes a third as long as its session.</summary>
    /// <exception cref="ModelRefusedException">The package has none, or one that cannot be read.</exception>
    internal static TextTokenizer LoadTokenizer(ModelManifest manifest, string? vocabulary)
    {
        if (vocabulary is null)
            throw new ModelRefusedException($"its task is {ModelTasks.TextEmbedding}, but the package has no {Vocabulary}");
        var lowerCase = !manifest.Labels.TryGetValue(ModelLabels.LowerCase, out var text) || text != "false";
        return new TextTokenizer(vocabulary, lowerCase, ReadMaxTokens(manifest));
    }

    /// <exception cref="ModelRefusedException">The package is not a text embedder.</exception>
    internal static TextEmbedder Create(OnnxSignature signature, TextTokenizer tokenizer)
    {
        foreach (var input in signature.Inputs)
        {
            if (input.Name is not (Ids or Mask or Types) || input.Datatype != "INT64" || input.Shape.Count != 2)
                throw new ModelRefusedException($"a text embedder takes {Ids}, {Mask} and {Types} (INT64, rank 2), not '{input.Name}'");
        }

        return new TextEmbedder(tokenizer, signature);
    }

    private static int ReadMaxTokens(ModelManifest manifest)
    {
        if (!manifest.Labels.TryGetValue(ModelLabels.MaxTokens, out var text))
            return DefaultMaxTokens;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 2 and <= 65536
            ? number
            : throw new ModelRefusedException($"its label {ModelLabels.MaxTokens} is '{text}' where a number from 3 to 65536 is wanted");
    }

    private static TensorSignature HiddenState(OnnxSignature signature) =>
        signature.Outputs.FirstOrDefault(output => output.Datatype == "FP32" && output.Shape.Count == 3)
        ?? throw new ModelRefusedException("a text embedder has an FP32 output of rank 3 (rows, tokens, dimensions)");

    /// <summary>The tokens of an input, special ones included.</summary>
    /// <exception cref="InferenceException">It is empty or too long.</exception>
    internal long[] Encode(EmbeddingInput input)
    {
        if (input.Tokens is not { } tokens)
            return _tokenizer.Encode(input.Text ?? string.Empty, input.Param);
        if (tokens.Length == 0)
            throw new InferenceException(ErrorKind.InvalidRequest, $"{input.Param} has no tokens.", input.Param);
        if (tokens.Length > MaxTokens)
            throw TextTokenizer.TooLong(tokens.Length, MaxTokens, input.Param);
        return tokens.All(token => token >= 0 && token < _tokenizer.VocabularySize)
            ? tokens
            : throw new InferenceException(
                ErrorKind.InvalidRequest,
                $"{input.Param} has a token id outside the vocabulary: ids are 0 to {_tokenizer.VocabularySize - 1}.", input.Param);
    }
}
