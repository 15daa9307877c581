using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Serverless.Inference.Onnx.Decoding;

/// <summary>
/// Holds a graph against what its manifest says of it: kernels run over memory that is laid out by the manifest, and not all of them check.
/// </summary>
internal static class DecoderSignature
{
    private static readonly string[] Optional = [DecoderSession.Mask, DecoderSession.Positions];

    public static void Check(InferenceSession session, DecoderSession decoder)
    {
        var record = decoder.Record;
        Int64(session, DecoderSession.Ids);
        foreach (var name in Optional.Where(session.InputMetadata.ContainsKey))
            Int64(session, name);
        if (session.InputMetadata.Keys.Except([DecoderSession.Ids, .. Optional, .. decoder.Past]).FirstOrDefault() is { } unknown)
            throw new ModelRefusedException($"a decoder takes token ids, a mask, positions and past keys and values; this one wants '{unknown}' too");
        foreach (var name in decoder.Past)
            Cache(Of(session.InputMetadata, name), name, decoder);
        foreach (var name in decoder.Present)
            Cache(Of(session.OutputMetadata, name), name, decoder);
        var logits = Of(session.OutputMetadata, DecoderSession.Logits);
        if (logits.ElementDataType is not (TensorElementType.Float or TensorElementType.Float16))
            throw new ModelRefusedException($"its logits are of type {logits.ElementDataType}; they must be float or float16");
        if (logits.Dimensions is not [_, _, var size] || (size >= 0 && size != record.LogitsSize))
            throw new ModelRefusedException($"its logits do not have the shape [batch, length, {record.LogitsSize}] that its manifest says");
    }

    private static void Int64(InferenceSession session, string name)
    {
        if (Of(session.InputMetadata, name) is not { ElementDataType: TensorElementType.Int64, Dimensions.Length: 2 })
            throw new ModelRefusedException($"its input '{name}' must be a matrix of 64-bit integers");
    }

    private static void Cache(NodeMetadata node, string name, DecoderSession decoder)
    {
        var record = decoder.Record;
        if (node.ElementDataType != decoder.KvType
            || node.Dimensions is not [_, var heads, _, var size]
            || (heads >= 0 && heads != record.KeyValueHeads)
            || (size >= 0 && size != record.HeadSize))
        {
            throw new ModelRefusedException(
                $"its '{name}' is not {decoder.KvType} of shape [batch, {record.KeyValueHeads}, length, {record.HeadSize}] as its manifest says");
        }
    }

    private static NodeMetadata Of(IReadOnlyDictionary<string, NodeMetadata> nodes, string name) =>
        nodes.TryGetValue(name, out var node) ? node : throw new ModelRefusedException($"a decoder has '{name}'; this one does not");
}
