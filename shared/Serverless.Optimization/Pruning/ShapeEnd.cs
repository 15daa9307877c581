using Onnx;
using Serverless.Optimization.Graphs;
using static Onnx.TensorProto.Types;

namespace Serverless.Optimization.Pruning;

/// <summary>
/// The last sizes of the shape that a Reshape gives, which are written in the graph: in a constant, or in constants that are joined with
/// sizes worked out before them.
/// </summary>
internal sealed class ShapeEnd(GraphFlow flow, NodeProto reshape)
{
    public NodeProto Reshape => reshape;

    /// <param name="fromEnd">0 for the last.</param>
    /// <returns>Null where it is not written in the graph.</returns>
    public long? Size(int fromEnd) => Find(fromEnd) is var (tensor, _, place) ? Tensors.Wholes(tensor)[place] : null;

    /// <summary>Writes another size where one is written.</summary>
    public void Set(ModelGraph model, int fromEnd, long size)
    {
        var (tensor, join, place) = Find(fromEnd)!.Value;
        var sizes = Tensors.Wholes(tensor);
        sizes[place] = size;
        var name = model.NewName(tensor.Name + "_cut");
        model.Add(Tensors.Of<long>(name, DataType.Int64, sizes, sizes.Length));
        if (join is not { } input)
        {
            reshape.Input[1] = name;
            return;
        }

        // Others may read the same shape.
        var joined = flow.MakerOf(reshape.Input[1])!.Clone();
        joined.Input[input] = name;
        joined.Name = joined.Output[0] = model.NewName(joined.Output[0] + "_cut");
        model.InsertBefore(reshape, joined);
        reshape.Input[1] = joined.Output[0];
    }

    private (TensorProto Tensor, int? Join, int Place)? Find(int fromEnd)
    {
        if (flow.WeightOf(reshape.Input[1]) is { } whole)
            return PlaceIn(whole, fromEnd) is { } place ? (whole, null, place) : null;
        if (flow.MakerOf(reshape.Input[1], "Concat") is not { } join)
            return null;
        for (var input = join.Input.Count - 1; input >= 0 && flow.WeightOf(join.Input[input]) is { } part; input--)
        {
            if (PlaceIn(part, fromEnd) is { } place)
                return (part, input, place);
            fromEnd -= (int)Tensors.Count(part);
        }

        return null;
    }

    private static int? PlaceIn(TensorProto tensor, int fromEnd) =>
        (DataType)tensor.DataType == DataType.Int64 && (int)Tensors.Count(tensor) - 1 - fromEnd is >= 0 and var place ? place : null;
}
