using Onnx;
using static Onnx.TensorShapeProto.Types;

namespace Serverless.Inference.Onnx.Preparation;

/// <summary>Many exported graphs fix their first dimension at 1 without need; freed, they can run several rows at once.</summary>
internal static class BatchAxis
{
    private const string Symbol = "batch";

    /// <summary>The model with a free first dimension, or null when it is free already or cannot be freed.</summary>
    public static ModelProto? TryFree(ModelProto model)
    {
        var inputs = Inputs(model.Graph).ToList();
        if (inputs.Count == 0 || !inputs.Concat(model.Graph.Output).All(IsFixedAtOne))
            return null;
        var freed = model.Clone();
        // What is said of values in between is derived from the inputs, and would contradict them now.
        freed.Graph.ValueInfo.Clear();
        foreach (var value in Inputs(freed.Graph).Concat(freed.Graph.Output))
            value.Type.TensorType.Shape.Dim[0] = new Dimension { DimParam = Symbol };
        return freed;
    }

    // Before IR 4 initializers are listed among the inputs.
    private static IEnumerable<ValueInfoProto> Inputs(GraphProto graph)
    {
        var initializers = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        return graph.Input.Where(input => !initializers.Contains(input.Name));
    }

    private static bool IsFixedAtOne(ValueInfoProto value) =>
        value.Type?.TensorType?.Shape is { Dim.Count: > 0 } shape
        && shape.Dim[0] is { ValueCase: Dimension.ValueOneofCase.DimValue, DimValue: 1 };
}
