using Serverless.Inference.Onnx;
using Serverless.Optimization.Graphs;

namespace Serverless.Optimization.Passes;

/// <summary>One change of a model that makes it smaller or faster.</summary>
internal interface IOptimizationPass
{
    /// <summary>Changes <paramref name="model"/>.</summary>
    /// <returns>What was changed, for people.</returns>
    /// <exception cref="ModelRefusedException">There is nothing in the model that it could change.</exception>
    string Apply(ModelGraph model);
}
