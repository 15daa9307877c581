using Serverless.Inference.Tensors;

namespace Serverless.Worker.OpenInference;

/// <summary>An inference request that fits its model.</summary>
/// <param name="Id">The caller's id, to be echoed.</param>
/// <param name="Inputs">One tensor for each input of the model.</param>
/// <param name="Outputs">Names of the outputs to answer.</param>
internal sealed record InferRequest(string? Id, IReadOnlyList<BufferTensor> Inputs, IReadOnlyList<string> Outputs);
