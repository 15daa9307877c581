using System.Globalization;
using Onnx;
using Serverless.Inference.Onnx;
using Serverless.Optimization.Graphs;
using static Onnx.TensorProto.Types;

namespace Serverless.Optimization.Passes;

/// <summary>
/// Sets the smallest weights of each matrix and convolution to zero. Kernels gain nothing from it; what is stored does, since zeros pack
/// well, most of all under int8 passes that follow.
/// </summary>
internal sealed class PrunePass(double sparsity, bool embeddings, long min) : IOptimizationPass
{
    public string Apply(ModelGraph model)
    {
        var uses = new GraphUses(model);
        var candidates = model.Graph.Initializer.Where(tensor => IsLargeFloat(tensor) && !uses.IsUsedElsewhere(tensor.Name)
            && WeightChannels.TryFind(tensor, uses.Of(tensor.Name), out _)
            && (embeddings || !uses.Of(tensor.Name).Any(use => use.Is("Gather", 0)))).ToList();
        var (zeros, parameters) = (0L, 0L);
        foreach (var tensor in candidates)
        {
            var weights = Tensors.Floats(tensor);
            zeros += Zero(weights, sparsity);
            parameters += weights.Length;
            var pruned = Tensors.Of<float>(tensor.Name, DataType.Float, weights, [.. tensor.Dims]);
            model.Graph.Initializer[model.Graph.Initializer.IndexOf(tensor)] = pruned;
        }

        return candidates.Count > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{zeros} of {parameters} numbers of {candidates.Count} weights are zero")
            : throw new ModelRefusedException(
                $"prune takes float weights of MatMul, Gemm, Conv or Gather with at least {min} numbers, and it has none");
    }

    /// <summary>Sets the smallest of <paramref name="weights"/> to zero, as large a share as <paramref name="sparsity"/> says.</summary>
    /// <returns>How many are zero.</returns>
    internal static long Zero(float[] weights, double sparsity)
    {
        var magnitudes = new float[weights.Length];
        for (var i = 0; i < weights.Length; i++)
            magnitudes[i] = MathF.Abs(weights[i]);
        Array.Sort(magnitudes);
        var count = (int)(sparsity * weights.Length);
        // Of those that are as large as the largest that goes, only as many go as are to.
        var limit = count == 0 ? -1 : magnitudes[count - 1];
        var below = Array.BinarySearch(magnitudes, limit) is var found && found >= 0 ? FirstOf(magnitudes, found) : 0;
        var atLimit = count - below;
        for (var i = 0; i < weights.Length; i++)
        {
            var magnitude = MathF.Abs(weights[i]);
            if (magnitude < limit || (magnitude == limit && atLimit-- > 0))
                weights[i] = 0;
        }

        return weights.LongCount(weight => weight == 0);
    }

    private static int FirstOf(float[] sorted, int index)
    {
        while (index > 0 && sorted[index - 1] == sorted[index])
            index--;
        return index;
    }

    private bool IsLargeFloat(TensorProto tensor) =>
        (DataType)tensor.DataType == DataType.Float && tensor.Dims.Count >= 2 && Tensors.Count(tensor) >= min;
}
