using Onnx;
using Serverless.Optimization.Graphs;

namespace Serverless.Optimization.Pruning;

/// <summary>Units that lie between weights and that nothing else sees: the neurons of one layer, or the heads of one attention.</summary>
/// <param name="Units">How many.</param>
/// <param name="Size">Numbers that one is.</param>
/// <param name="Weights">All weights that have them along an axis.</param>
internal sealed record UnitGroup(int Units, int Size, IReadOnlyList<UnitWeights> Weights)
{
    /// <summary>How many are left of them.</summary>
    public int Left(double share) => Math.Max(1, Units - (int)(share * Units));

    /// <summary>
    /// The units that are worth most, in their order. One is worth the product of the lengths of its weights: that is the same wherever a
    /// factor stands that could stand in any of them.
    /// </summary>
    public int[] Best(int count)
    {
        var worth = new double[Units];
        foreach (var weights in Weights.Where(weights => weights.IsMatrix))
        {
            var squares = weights.Squares(Size);
            for (var unit = 0; unit < Units; unit++)
                worth[unit] += Math.Log(squares[unit]);
        }

        return [.. Enumerable.Range(0, Units).OrderByDescending(unit => worth[unit]).Take(count).Order()];
    }

    /// <summary>Takes all others out of the weights.</summary>
    public void Cut(ModelGraph model, int[] kept)
    {
        var cut = new Dictionary<(TensorProto, int), string>();
        foreach (var weights in Weights)
        {
            if (!cut.TryGetValue((weights.Tensor, weights.Axis), out var name))
            {
                cut[(weights.Tensor, weights.Axis)] = name = model.NewName(weights.Tensor.Name + "_cut");
                model.Add(weights.Cut(name, kept, Size));
            }

            weights.Node.Input[weights.Input] = name;
        }
    }
}
