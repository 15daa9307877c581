using System.Numerics.Tensors;

namespace Serverless.Optimization.Calibration;

/// <summary>
/// Sums of products of each two inputs of a matrix, over all rows seen: how much an error in one weight can be made good in another.
/// </summary>
/// <param name="size">How many inputs the matrix has.</param>
internal sealed class InputHessian(int size)
{
    // Each two once: of row i those from column i on.
    private readonly float[] _sums = new float[size * size];

    public int Size => size;

    public float this[int row, int column] => _sums[(row * size) + column];

    public void Add(ReadOnlySpan<float> rows)
    {
        var numbers = rows.ToArray();
        Parallel.For(0, size, i =>
        {
            var target = _sums.AsSpan((i * size) + i, size - i);
            for (var start = 0; start < numbers.Length; start += size)
                TensorPrimitives.MultiplyAdd(numbers.AsSpan(start + i, size - i), numbers[start + i], target, target);
        });
    }
}
