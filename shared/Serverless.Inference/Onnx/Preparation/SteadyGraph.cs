using Onnx;

namespace Serverless.Inference.Onnx.Preparation;

/// <summary>
/// Whether a model's runs of so many rows do the same work whatever the values are: no loops, and no shape that a value decides. What such a
/// run took so far is what the next will take.
/// </summary>
internal static class SteadyGraph
{
    // Only what is known to be so; whatever else there is may take its time.
    private static readonly HashSet<string> Steady = new(StringComparer.Ordinal)
    {
        "Abs", "Add", "And", "ArgMax", "ArgMin", "AveragePool", "BatchNormalization", "BiasGelu", "Cast", "Ceil", "Clip", "Concat", "Constant", "Conv",
        "Div", "Dropout", "Elu", "Equal", "Erf", "Exp", "FastGelu", "Flatten", "Floor", "FusedConv", "FusedGemm", "FusedMatMul", "Gather", "Gelu",
        "Gemm", "GlobalAveragePool", "GlobalMaxPool", "Greater", "HardSigmoid", "HardSwish", "Identity", "LayerNormalization", "LeakyRelu",
        "Less", "LinearClassifier", "LinearRegressor", "Log", "LogSoftmax", "MatMul", "Max", "MaxPool", "Mean", "Min", "Mul", "Neg", "Normalizer", "Not",
        "Or", "PRelu", "Pow", "Reciprocal", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceSum", "Relu", "Round", "Scaler", "Selu", "Sigmoid", "Sign",
        "SkipLayerNormalization", "Softmax", "Softplus", "Sqrt", "Squeeze", "Sub", "Sum", "Tanh", "Transpose", "TreeEnsembleClassifier",
        "TreeEnsembleRegressor", "Unsqueeze", "Where",
    };

    public static bool Is(ModelProto model, OnnxSignature signature) =>
        model.Functions.Count == 0
        && model.Graph.Node.All(node => Steady.Contains(node.OpType))
        && signature.Inputs.All(input => input.Shape.Skip(1).All(size => size >= 0));
}
