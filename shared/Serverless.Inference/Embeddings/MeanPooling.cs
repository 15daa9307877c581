using System.Runtime.InteropServices;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Embeddings;

/// <summary>
/// The mean of a row's token vectors, scaled to length 1. In plain loops: they are a thousandth of a run, and what uses the widest vectors of
/// a processor cannot be compiled ahead, which a first answer would wait 10 ms for.
/// </summary>
internal static class MeanPooling
{
    /// <param name="hidden">Shape [rows, width, dimensions], FP32.</param>
    /// <param name="row">Which row.</param>
    /// <param name="tokens">How many of its tokens are not padding.</param>
    public static float[] Pool(Tensor hidden, int row, int tokens)
    {
        var (width, dimensions) = ((int)hidden.Shape[1], (int)hidden.Shape[2]);
        var vectors = MemoryMarshal.Cast<byte, float>(hidden.Data).Slice(row * width * dimensions, tokens * dimensions);
        var sum = new float[dimensions];
        for (var token = 0; token < tokens; token++)
        {
            var vector = vectors.Slice(token * dimensions, dimensions);
            for (var i = 0; i < sum.Length && i < vector.Length; i++)
                sum[i] += vector[i];
        }

        // Dividing by the token count first would change nothing: the length is scaled away. A zero vector has no direction and stays.
        var norm = Norm(sum);
        for (var i = 0; norm > 0 && i < sum.Length; i++)
            sum[i] /= norm;
        return sum;
    }

    private static float Norm(float[] vector)
    {
        double squares = 0;
        foreach (var value in vector)
            squares += (double)value * value;
        return (float)Math.Sqrt(squares);
    }
}
