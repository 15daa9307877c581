namespace Serverless.Inference.Tensors;

/// <summary>Arithmetic on shapes that strangers send.</summary>
public static class TensorShape
{
    /// <summary>The number of elements of <paramref name="shape"/>; false when a dimension is negative or the product overflows.</summary>
    public static bool TryCount(ReadOnlySpan<long> shape, out long count)
    {
        count = 1;
        var zero = false;
        foreach (var dimension in shape)
        {
            if (dimension < 0)
                return false;
            zero |= dimension == 0;
        }

        if (zero)
        {
            count = 0;
            return true;
        }

        foreach (var dimension in shape)
        {
            if (count > long.MaxValue / dimension)
                return false;
            count *= dimension;
        }

        return true;
    }

    /// <summary>A shape as people write it: <c>[2,-1]</c>.</summary>
    public static string Format(IEnumerable<long> shape) => $"[{string.Join(',', shape)}]";

    /// <summary>Whether <paramref name="shape"/> fits <paramref name="wanted"/>, where -1 takes any size.</summary>
    public static bool Fits(IReadOnlyList<long> shape, IReadOnlyList<long> wanted)
    {
        if (shape.Count != wanted.Count)
            return false;
        for (var i = 0; i < shape.Count; i++)
        {
            if (wanted[i] >= 0 && wanted[i] != shape[i])
                return false;
        }

        return true;
    }
}
