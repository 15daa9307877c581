using Serverless.Models.Manifest;

namespace Serverless.Models.Publishing;

/// <summary>Decides where initializers lie in the weights.</summary>
public static class WeightLayout
{
    /// <summary>
    /// Gives each tensor an aligned offset. Large floats come first and in the given order, then small floats, then the rest: codecs work
    /// on chunks, and one int64 among floats would keep a whole chunk from being stored as floats. Look-up tables come last: a load fetches
    /// in this order, and builds the session meanwhile.
    /// </summary>
    /// <param name="tensors">Tensors whose offsets do not matter yet.</param>
    /// <returns>The tensors by offset. The file that holds them must be zero in between.</returns>
    public static IReadOnlyList<WeightTensor> Arrange(IEnumerable<WeightTensor> tensors)
    {
        long offset = 0;
        var placed = new List<WeightTensor>();
        foreach (var tensor in tensors.OrderBy(Group))
        {
            placed.Add(tensor with { Offset = offset });
            offset = AlignUp(offset + tensor.Length);
        }

        return placed;
    }

    /// <summary>The first aligned offset from <paramref name="offset"/> on.</summary>
    internal static long AlignUp(long offset) => (offset + WeightTensor.Alignment - 1) / WeightTensor.Alignment * WeightTensor.Alignment;

    /// <summary>Whether the tensor is large enough for a lossy codec: biases and norms are small, and precious.</summary>
    internal static bool IsLargeFloat(WeightTensor tensor) => tensor is { ElementType: "float", Length: >= 16 << 10 };

    private static int Group(WeightTensor tensor) => tensor.Lookup ? 3 : IsLargeFloat(tensor) ? 0 : tensor.ElementType == "float" ? 1 : 2;
}
