namespace Serverless.SampleModels.Decoders;

/// <summary>
/// Weights drawn at random, the same for a seed and a name on every machine. Their spread keeps activations near 1, so that logits differ
/// clearly and greedy text does not just repeat its last token.
/// </summary>
public static class RandomWeights
{
    /// <summary>Weights of <paramref name="seed"/>.</summary>
    public static WeightSource Of(int seed) => (name, shape) => Draw(new Random(Mix(seed, name)), shape);

    private static float[] Draw(Random random, IReadOnlyList<int> shape)
    {
        // Norms get weights near 1; of a matrix [in, out] every column has the length 1 on average, of the embedding every row.
        var isNorm = shape.Count == 1;
        var spread = isNorm ? 0.1f : MathF.Sqrt(3f / Math.Min(shape[0], shape[1]));
        var centre = isNorm ? 1f : 0f;
        var values = new float[shape.Aggregate(1, (product, size) => checked(product * size))];
        foreach (ref var value in values.AsSpan())
            value = centre + (((2 * random.NextSingle()) - 1) * spread);
        return values;
    }

    // FNV-1a: a string's own hash code is another in every process.
    private static int Mix(int seed, string name)
    {
        var hash = 2166136261u ^ (uint)seed;
        foreach (var character in name)
            hash = (hash ^ character) * 16777619u;
        return (int)(hash & int.MaxValue);
    }
}
