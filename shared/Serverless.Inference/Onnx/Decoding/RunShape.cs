using Serverless.Inference.Generation.Memory;

namespace Serverless.Inference.Onnx.Decoding;

/// <summary>What a run goes over.</summary>
/// <param name="Past">Keys and values so far, from the row that is the first of the run.</param>
/// <param name="Present">Where they go with the new ones; may be the same memory.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Length">How many new tokens of each.</param>
/// <param name="Logits">Which logits are the first row's.</param>
internal readonly record struct RunShape(KvPlace Past, KvPlace Present, int Rows, int Length, int Logits);
