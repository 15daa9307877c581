using Onnx;
using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx.Preparation.Decoders;

/// <summary>Puts together what graph and files say of a decoder.</summary>
internal static class DecoderDescription
{
    private const int MaxContext = 1 << 24;
    private const int MaxEndTokens = 256;

    private static readonly string[] ContextNames = ["max_position_embeddings", "n_positions", "n_ctx", "max_sequence_length", "seq_length"];

    /// <exception cref="ModelRefusedException">Something is missing or makes no sense; the message names it.</exception>
    public static DecoderRecord Of(ModelProto model, OnnxSignature signature, DecoderFiles files)
    {
        var found = DecoderInterface.Read(signature);
        if (files.Paths.ContainsKey(DecoderFiles.GenAi))
            _ = GenAiConfiguration.Read(files.Read(DecoderFiles.GenAi));
        DecoderJson[] configurations =
            [files.Read(DecoderFiles.Generation), files.Read(DecoderFiles.GenAi).At("model"), files.Read(DecoderFiles.Configuration)];
        var attention = GroupedAttention.Find(model, found.Layers);
        return new DecoderRecord
        {
            SharesPast = attention is not null,
            Layers = found.Layers,
            KeyValueHeads = found.Heads,
            HeadSize = found.HeadSize,
            HalfPrecision = found.Datatype == TensorDatatype.Fp16,
            ContextLength = ContextOf(files, attention),
            LogitsSize = found.LogitsSize,
            LastLogitsOnly = false,
            EndTokens = Checked(Tokens(configurations, "eos_token_id") ?? [], found, "end"),
            BeginToken = Checked(Tokens(configurations, "bos_token_id") ?? [], found, "begin") is [var begin, ..] ? begin : null,
        };
    }

    private static int ContextOf(DecoderFiles files, GroupedAttention? attention)
    {
        var configuration = files.Read(DecoderFiles.Configuration);
        var text = configuration.At("text_config");
        var length = files.Read(DecoderFiles.GenAi).Number("model.context_length")
            ?? ContextNames.Select(name => configuration.Number(name) ?? text.Number(name)).FirstOrDefault(number => number is not null)
            ?? files.Read(DecoderFiles.TokenizerConfiguration).Number("model_max_length");
        // Beyond the rows of the graph's rotary table there is nothing to read.
        var limit = Math.Min(length ?? int.MaxValue, attention?.Positions ?? int.MaxValue);
        return limit is > 0 and <= MaxContext
            ? limit
            : throw new ModelRefusedException(
                $"nothing says how long its context is: give {DecoderFiles.GenAi} with model.context_length, or {DecoderFiles.Configuration} "
                + $"with one of {string.Join(", ", ContextNames)}, up to {MaxContext}");
    }

    private static IReadOnlyList<int>? Tokens(DecoderJson[] configurations, string name) =>
        configurations.Select(file => file.Tokens(name)).FirstOrDefault(tokens => tokens is not null);

    private static IReadOnlyList<int> Checked(IReadOnlyList<int> tokens, DecoderInterface found, string role)
    {
        if (tokens.Count > MaxEndTokens)
            throw new ModelRefusedException($"its files name {tokens.Count} {role} tokens where up to {MaxEndTokens} are allowed");
        foreach (var token in tokens.Where(token => token < 0 || token >= found.LogitsSize))
            throw new ModelRefusedException($"its {role} token {token} is outside the vocabulary of {found.LogitsSize}");
        return [.. tokens.Distinct()];
    }
}
