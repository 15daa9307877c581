using Onnx;
using Serverless.Optimization.Graphs;

namespace Serverless.Optimization.Pruning;

/// <summary>A weight that has units of a layer along one of its axes.</summary>
/// <param name="Node">The node that reads it.</param>
/// <param name="Input">Which of its inputs it is.</param>
/// <param name="Tensor">The weight.</param>
/// <param name="Axis">The axis.</param>
/// <param name="IsMatrix">Whether its magnitude tells what a unit is worth; that of a bias does not.</param>
internal sealed record UnitWeights(NodeProto Node, int Input, TensorProto Tensor, int Axis, bool IsMatrix)
{
    /// <summary>The matrix of a product by whose outputs, or by whose inputs, there are units.</summary>
    public static UnitWeights Of(NodeProto product, TensorProto matrix, bool outputs) =>
        new(product, 1, matrix, outputs == (product.Number("transB", 0) != 0) ? 0 : 1, IsMatrix: true);

    /// <summary>Square of the length of each unit's weights.</summary>
    /// <param name="size">Numbers along the axis that are one unit.</param>
    public double[] Squares(int size)
    {
        var numbers = Tensors.Floats(Tensor);
        var (length, inner) = Layout();
        var squares = new double[length / size];
        for (var i = 0; i < numbers.Length; i++)
            squares[i / inner % length / size] += (double)numbers[i] * numbers[i];
        return squares;
    }

    /// <summary>The weight with these units alone.</summary>
    public TensorProto Cut(string name, int[] kept, int size)
    {
        var numbers = Tensors.Floats(Tensor);
        var (length, inner) = Layout();
        var block = size * inner;
        var cut = new float[numbers.Length / length * size * kept.Length];
        var place = 0;
        for (var start = 0; start < numbers.Length; start += length * inner)
        {
            foreach (var unit in kept)
            {
                numbers.AsSpan(start + (unit * block), block).CopyTo(cut.AsSpan(place));
                place += block;
            }
        }

        long[] shape = [.. Tensor.Dims];
        shape[Axis] = kept.Length * size;
        return Tensors.Floats(name, Tensor.DataType, cut, shape);
    }

    private (int Length, int Inner) Layout() => ((int)Tensor.Dims[Axis], (int)Tensor.Dims.Skip(Axis + 1).Aggregate(1L, (product, size) => product * size));
}
