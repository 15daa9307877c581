using Serverless.Inference.Onnx;
using Serverless.Inference.Onnx.Preparation;

namespace Serverless.Optimization.Graphs;

/// <summary>
/// Raises the version of a model's operators, which is one for all of them, where each still means what it did: an old export can then hold
/// operators that came later.
/// </summary>
internal static class OperatorVersions
{
    // Broadcasting came with version 7.
    private const int Lowest = 7;

    // What the changelog of ONNX says of these between 7 and 11: more types, attributes whose defaults are what was, words.
    private static readonly HashSet<string> Unchanged = new(StringComparer.Ordinal)
    {
        "Abs", "Add", "AveragePool", "Cast", "Concat", "Constant", "Conv", "ConvTranspose", "Div", "Elu", "Erf", "Exp", "Flatten", "Gather", "Gemm",
        "GlobalAveragePool", "GlobalMaxPool", "HardSigmoid", "Identity", "LeakyRelu", "Log", "LogSoftmax", "LRN", "MatMul", "Max", "MaxPool", "Min",
        "Mul", "Neg", "PRelu", "ReduceMean", "ReduceSum", "Relu", "Reshape", "Selu", "Shape", "Sigmoid", "Softmax", "Softplus", "Split", "Sqrt",
        "Squeeze", "Sub", "Sum", "Tanh", "Transpose", "Unsqueeze",
    };

    /// <summary>Has the model's operators be of <paramref name="needed"/>, 11 at most, or newer.</summary>
    /// <param name="model">What is changed.</param>
    /// <param name="needed">The version.</param>
    /// <param name="pass">Who needs it, for the message.</param>
    /// <exception cref="ModelRefusedException">They are older, and one of them has changed since.</exception>
    public static void Raise(ModelGraph model, int needed, string pass)
    {
        var version = model.VersionOf("");
        if (version >= needed)
            return;
        var changed = GraphWalk.Nodes(model.Model).FirstOrDefault(node => node.Domain is "" or "ai.onnx" && !Unchanged.Contains(node.OpType));
        if (changed is not null || version < Lowest)
        {
            throw new ModelRefusedException($"{pass} needs operators of version {needed}, and it uses version {version}"
                + (changed is null ? "" : $", of which {changed.OpType} has changed since"));
        }

        model.Model.OpsetImport.Single(set => set.Domain is "" or "ai.onnx").Version = needed;
    }
}
