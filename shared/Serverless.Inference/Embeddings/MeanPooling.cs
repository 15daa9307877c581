using System.Runtime.InteropServices;
using Serverless.Inference.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Serverless.Inference.Embeddings;

/// <summary>The mean of a row's token vectors, scaled to length 1.</summary>
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
            TensorPrimitives.Add(sum, vectors.Slice(token * dimensions, dimensions), sum);

        // Dividing by the token count first would change nothing: the length is scaled away. A zero vector has no direction and stays.
        var norm = TensorPrimitives.Norm<float>(sum);
        if (norm > 0)
            TensorPrimitives.Divide(sum, norm, sum);
        return sum;
    }
}
