using Onnx;

namespace Serverless.Optimization.Graphs;

/// <summary>A place where a node of the main graph reads a value.</summary>
/// <param name="Node">The node.</param>
/// <param name="Input">Which of its inputs.</param>
internal readonly record struct WeightUse(NodeProto Node, int Input)
{
    public bool Is(string operatorType, int input) => Node.OpType == operatorType && Input == input;
}
