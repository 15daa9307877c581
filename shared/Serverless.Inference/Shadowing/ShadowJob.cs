using Serverless.Inference.Lifecycle;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Shadowing;

/// <summary>A request that was answered and is still to run on the shadow.</summary>
/// <param name="Pair">Whose answers are compared.</param>
/// <param name="Main">The model that answered. It is not held: only whether it is busy is looked at.</param>
/// <param name="Inputs">Copies of the request's.</param>
/// <param name="Wanted">Copies of the answer's outputs.</param>
/// <param name="Run">How long the graph ran for the answer.</param>
internal sealed record ShadowJob(ShadowPair Pair, LoadedModel Main, BufferTensor[] Inputs, Tensor[] Wanted, TimeSpan Run);
