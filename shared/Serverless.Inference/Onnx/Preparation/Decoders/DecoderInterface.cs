using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx.Preparation.Decoders;

/// <summary>What a graph's inputs and outputs say of a decoder.</summary>
/// <param name="Layers">Pairs of keys and values.</param>
/// <param name="Heads">Heads of each.</param>
/// <param name="HeadSize">Numbers per head.</param>
/// <param name="Datatype">FP32 or FP16, of keys and values.</param>
/// <param name="LogitsSize">Last dimension of the logits.</param>
internal sealed record DecoderInterface(int Layers, int Heads, int HeadSize, TensorDatatype Datatype, int LogitsSize)
{
    public const string Ids = "input_ids";
    public const string Mask = "attention_mask";
    public const string Positions = "position_ids";
    public const string Logits = "logits";
    public const string PastPrefix = "past_key_values.";
    public const string PresentPrefix = "present.";

    private const string Supported =
        "text generation takes decoders with the inputs input_ids, attention_mask, perhaps position_ids, and past_key_values.N.key and "
        + ".value for each layer, and with the outputs logits, present.N.key and present.N.value";

    private const int MaxLayers = 1024;

    /// <summary>Whether it looks like a decoder that keeps keys and values, supported or not.</summary>
    public static bool IsLikely(OnnxSignature signature) =>
        signature.Inputs.Any(input => input.Name == Ids)
        && signature.Inputs.Any(input => input.Name.StartsWith("past", StringComparison.Ordinal));

    /// <exception cref="ModelRefusedException">It is no decoder of the kind that is supported; the message says why, and what is.</exception>
    public static DecoderInterface Read(OnnxSignature signature)
    {
        if (FindStranger(signature) is { } stranger)
            throw new ModelRefusedException($"{stranger}; {Supported}");
        foreach (var name in (string[])[Ids, Mask, Positions])
        {
            var input = signature.Inputs.FirstOrDefault(input => input.Name == name);
            if (input is null ? name == Positions : input.Datatype == "INT64" && input.Shape is [< 0, < 0])
                continue;
            throw new ModelRefusedException($"its input {name} must be INT64 with two free dimensions, and is {Describe(input)}; {Supported}");
        }

        var layers = signature.Inputs.Count(input => input.Name.StartsWith(PastPrefix, StringComparison.Ordinal)) / 2;
        if (layers is 0 or > MaxLayers)
        {
            throw new ModelRefusedException(
                $"it has no inputs for the keys and values of earlier tokens, or over {MaxLayers} pairs; {Supported}");
        }

        var first = Cache(signature.Inputs, $"{PastPrefix}0.key");
        foreach (var part in Enumerable.Range(0, layers).SelectMany(PartsOf))
        {
            if (IsLike(first, Cache(signature.Inputs, PastPrefix + part)) && IsLike(first, Cache(signature.Outputs, PresentPrefix + part)))
                continue;
            throw new ModelRefusedException($"keys and values of '{part}' differ in type, heads or size from those of layer 0; {Supported}");
        }

        return new DecoderInterface(layers, (int)first.Shape[1], (int)first.Shape[3], TypeOf(first), LogitsOf(signature));
    }

    /// <summary>What follows <see cref="PastPrefix"/> and <see cref="PresentPrefix"/> for each layer.</summary>
    public static IEnumerable<string> PartsOf(int layer) => [$"{layer}.key", $"{layer}.value"];

    private static string? FindStranger(OnnxSignature signature)
    {
        foreach (var name in signature.Inputs.Select(input => input.Name))
        {
            if (name == "use_cache_branch")
                return "its input use_cache_branch makes it two decoders merged into one: export it with past alone";
            if (name.StartsWith("encoder", StringComparison.Ordinal) || name.Contains(".encoder.", StringComparison.Ordinal)
                || name.Contains(".decoder.", StringComparison.Ordinal))
            {
                return $"its input {name} belongs to an encoder and decoder together";
            }

            if (name is not (Ids or Mask or Positions) && !name.StartsWith(PastPrefix, StringComparison.Ordinal))
                return $"its input {name} is not known";
        }

        return null;
    }

    private static TensorSignature Cache(IReadOnlyList<TensorSignature> tensors, string name) =>
        tensors.FirstOrDefault(tensor => tensor.Name == name) is { Shape: [< 0, > 0 and <= 4096, < 0, > 0 and <= 4096] } found
            && found.Datatype is "FP32" or "FP16"
            ? found
            : throw new ModelRefusedException(
                $"{name} must be FP32 or FP16 [batch, heads, length, size] with fixed heads and size, and is "
                + $"{Describe(tensors.FirstOrDefault(tensor => tensor.Name == name))}; {Supported}");

    private static bool IsLike(TensorSignature one, TensorSignature other) =>
        one.Datatype == other.Datatype && one.Shape[1] == other.Shape[1] && one.Shape[3] == other.Shape[3];

    private static int LogitsOf(OnnxSignature signature)
    {
        var logits = signature.Outputs.FirstOrDefault(output => output.Name == Logits);
        return logits is { Shape: [< 0, _, > 0 and <= 1 << 24], Datatype: "FP32" or "FP16" }
            ? (int)logits.Shape[2]
            : throw new ModelRefusedException(
                $"its output logits must be FP32 or FP16 [batch, sequence, vocabulary], and is {Describe(logits)}; {Supported}");
    }

    private static TensorDatatype TypeOf(TensorSignature tensor) => tensor.Datatype == "FP16" ? TensorDatatype.Fp16 : TensorDatatype.Fp32;

    private static string Describe(TensorSignature? tensor) =>
        tensor is null ? "missing" : $"{tensor.Datatype} {TensorShape.Format(tensor.Shape)}";
}
