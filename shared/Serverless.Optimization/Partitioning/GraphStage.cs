using Onnx;

namespace Serverless.Optimization.Partitioning;

/// <summary>A part of a graph that runs as a model of its own.</summary>
/// <param name="Model">The part, with the weights that it reads. Its inputs from other stages have no types yet.</param>
/// <param name="WeightBytes">What its weights take.</param>
/// <param name="Received">Values that earlier stages hand to it.</param>
internal sealed record GraphStage(ModelProto Model, long WeightBytes, IReadOnlyList<string> Received);
