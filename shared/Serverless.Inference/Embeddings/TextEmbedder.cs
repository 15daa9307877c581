using System.Globalization;
using Serverless.Contracts.Errors;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Onnx;
using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Embeddings;

/// <summary>Texts to vectors: tokenize, run in padded batches, mean-pool over the tokens, scale to length 1.</summary>
public sealed class TextEmbedder
{
    /// <summary>The file of the package that lists its tokens.</summary>
    internal const string Vocabulary = "vocab.txt";

    private const string Ids = "input_ids";
    private const string Mask = "attention_mask";
    private const string Types = "token_type_ids";
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

    /// <summary>Embeds <paramref name="inputs"/> with the model that <paramref name="lease"/> holds.</summary>
    /// <exception cref="InferenceException">An input is empty or too long, or the model cannot take it now.</exception>
    public async Task<EmbeddingOutcome> EmbedAsync(
        ModelLease lease, IReadOnlyList<EmbeddingInput> inputs, RunTerms terms, CancellationToken cancellationToken)
    {
        var rows = inputs.Select(Encode).ToArray();
        var vectors = new float[rows.Length][];
        var (queue, run) = (TimeSpan.Zero, TimeSpan.Zero);
        foreach (var group in RowGrouping.Group([.. rows.Select(row => row.Length)]))
        {
            var batch = new TokenRows([.. group.Select(index => rows[index])]);
            using var outcome = await lease.RunAsync(ToTensors(batch), [_output], terms, cancellationToken);
            var hidden = Check(outcome.Outputs[0], batch);
            for (var i = 0; i < group.Length; i++)
                vectors[group[i]] = MeanPooling.Pool(hidden, i, batch.Row(i).Length);
            queue += outcome.Queue;
            run += outcome.Run;
        }

        return new EmbeddingOutcome(vectors, rows.Sum(row => row.Length), queue, run);
    }

    /// <exception cref="ModelRefusedException">The package is not a text embedder.</exception>
    internal static TextEmbedder Create(ModelManifest manifest, OnnxSignature signature, string? vocabulary)
    {
        if (vocabulary is null)
            throw new ModelRefusedException($"its task is {ModelTasks.TextEmbedding}, but the package has no {Vocabulary}");
        foreach (var input in signature.Inputs)
        {
            if (input.Name is not (Ids or Mask or Types) || input.Datatype != "INT64" || input.Shape.Count != 2)
                throw new ModelRefusedException($"a text embedder takes {Ids}, {Mask} and {Types} (INT64, rank 2), not '{input.Name}'");
        }

        var maxTokens = ReadMaxTokens(manifest);
        var lowerCase = !manifest.Labels.TryGetValue(ModelLabels.LowerCase, out var text) || text != "false";
        return new TextEmbedder(new TextTokenizer(vocabulary, lowerCase, maxTokens), signature);
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

    private static Tensor Check(Tensor hidden, TokenRows batch) =>
        hidden.Shape.Count == 3 && hidden.Shape[0] == batch.Count && hidden.Shape[1] == batch.Width
            ? hidden
            : throw new InferenceException(
                ErrorKind.Internal,
                $"The model answered {TensorShape.Format(hidden.Shape)} to {batch.Count} rows of {batch.Width} tokens.");

    private long[] Encode(EmbeddingInput input)
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

    private List<BufferTensor> ToTensors(TokenRows batch)
    {
        List<BufferTensor> tensors = [batch.Ids(Ids), batch.Mask(Mask)];
        if (_hasTypes)
            tensors.Add(batch.Zeros(Types));
        return tensors;
    }
}
