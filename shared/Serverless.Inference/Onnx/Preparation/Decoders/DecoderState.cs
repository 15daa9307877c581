namespace Serverless.Inference.Onnx.Preparation.Decoders;

/// <summary>Keys and values of one stream, in the order of layers: <c>[1, heads, length, size]</c> each.</summary>
internal sealed record DecoderState(int Length, IReadOnlyList<byte[]> Parts);
