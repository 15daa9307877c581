using TinyLm.Numerics;

namespace TinyLm.Tests.Numerics;

public sealed class GemmTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(4, 32, 16)]
    [InlineData(7, 33, 5)]
    [InlineData(64, 96, 128)]
    [InlineData(130, 31, 70)]
    public void Multiply_OfEveryLayout_EqualsTheSumOfProducts(int rows, int columns, int depth)
    {
        foreach (var accumulate in new[] { false, true })
        {
            foreach (var (leftTransposed, rightTransposed) in new[] { (false, false), (false, true), (true, false), (true, true) })
                Check(rows, columns, depth, leftTransposed, rightTransposed, accumulate);
        }
    }

    [Fact]
    public void Multiply_OfPartsOfLargerMatrices_LeavesTheRestAlone()
    {
        var (left, right, target) = (Random(20 * 20, 1), Random(20 * 20, 2), Random(20 * 20, 3));
        var before = target.ToArray();

        Gemm.Multiply(
            new Matrix(left, 20, 20).Part(3, 5, 2, 6),
            new Matrix(right, 20, 20).Part(1, 6, 4, 7),
            new Matrix(target, 20, 20).Part(2, 5, 9, 7));

        for (var i = 0; i < target.Length; i++)
        {
            var (row, column) = (i / 20, i % 20);
            if (row is < 2 or > 6 || column is < 9 or > 15)
                Assert.Equal(before[i], target[i]);
        }

        Assert.NotEqual(before, target);
    }

    [Fact]
    public void Multiply_OfShapesThatDoNotFit_IsRefused() => Assert.Throws<ArgumentException>(
        () => Gemm.Multiply(new Matrix(new float[6], 2, 3), new Matrix(new float[6], 2, 3), new Matrix(new float[6], 2, 3)));

    private static void Check(int rows, int columns, int depth, bool leftTransposed, bool rightTransposed, bool accumulate)
    {
        var (left, right, target) = (Random(rows * depth, 1), Random(depth * columns, 2), Random(rows * columns, 3));
        var a = leftTransposed ? new Matrix(left, depth, rows).Transposed : new Matrix(left, rows, depth);
        var b = rightTransposed ? new Matrix(right, columns, depth).Transposed : new Matrix(right, depth, columns);
        var expected = accumulate ? target.ToArray() : new float[target.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                for (var k = 0; k < depth; k++)
                    expected[(row * columns) + column] += a.At(row, k) * b.At(k, column);
            }
        }

        Gemm.Multiply(a, b, new Matrix(target, rows, columns), accumulate);

        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], target[i], 1e-4);
    }

    private static float[] Random(int count, int seed)
    {
        var values = new float[count];
        new Noise(seed).Fill(values, 1);
        return values;
    }
}
