using System.Diagnostics.CodeAnalysis;

namespace Serverless.Optimization.Quantization;

/// <summary>
/// Rows of weights in blocks, each with a scale of its own and, where asymmetric, a zero point: a weight is (whole number − zero point) ·
/// scale. The layout is that of <c>MatMulNBits</c>: rows of blocks, of two numbers in a byte the first in the low half.
/// </summary>
/// <param name="Packed">[rows, blocks, bytes of a block].</param>
/// <param name="Scales">[rows, blocks].</param>
/// <param name="ZeroPoints">[rows, bytes of the row's zero points]; null where all are in the middle (8 or 128).</param>
/// <param name="Blocks">Blocks in a row.</param>
[SuppressMessage("Performance", "CA1819:Properties should not return arrays", Justification = "Plain numbers, made for one use.")]
internal sealed record BlockWeights(byte[] Packed, float[] Scales, byte[]? ZeroPoints, int Blocks)
{
    /// <summary>Quantises <paramref name="rows"/> rows.</summary>
    /// <param name="weights">The numbers, row by row.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="format">How they lie in blocks.</param>
    /// <param name="rounding">Makes errors good within a row; null rounds each number to the nearest on its own (RTN).</param>
    public static BlockWeights Quantize(float[] weights, int rows, BlockFormat format, GptqRounding? rounding = null)
    {
        var columns = weights.Length / rows;
        var blocks = (columns + format.Size - 1) / format.Size;
        var packed = new byte[(long)rows * blocks * format.BytesOfBlock];
        var scales = new float[rows * blocks];
        var zeroBytes = format.BytesOf(blocks);
        var zeros = format.Symmetric ? null : new byte[rows * zeroBytes];
        Parallel.For(0, rows, row =>
        {
            Span<byte> numbers = stackalloc byte[format.Size];
            var values = weights.AsSpan(row * columns, columns);
            if (rounding is not null)
                values = values.ToArray();
            Span<byte> rowZeros = zeros is null ? [] : zeros.AsSpan(row * zeroBytes, zeroBytes);
            for (var block = 0; block < blocks; block++)
            {
                var start = block * format.Size;
                var part = values.Slice(start, Math.Min(format.Size, columns - start));
                var (scale, zero) = format.Fit(part);
                scales[(row * blocks) + block] = scale;
                // What a last block lacks counts as nothing.
                numbers.Fill(zero);
                if (rounding is null)
                    format.Round(part, scale, zero, numbers);
                else
                    rounding.Round(values, start..(start + part.Length), format, (scale, zero), numbers);
                format.Pack(numbers, packed.AsSpan(((row * blocks) + block) * format.BytesOfBlock));
                format.Put(rowZeros, block, zero);
            }
        });
        return new BlockWeights(packed, scales, zeros, blocks);
    }

    /// <summary>The weights that kernels compute with.</summary>
    public float[] Restore(int rows, int columns, BlockFormat format)
    {
        var weights = new float[rows * columns];
        var zeroBytes = format.BytesOf(Blocks);
        for (var i = 0; i < weights.Length; i++)
        {
            var (row, column) = (i / columns, i % columns);
            var block = (row * Blocks) + (column / format.Size);
            var zero = ZeroPoints is null ? format.Middle : format.At(ZeroPoints.AsSpan(row * zeroBytes), column / format.Size);
            weights[i] = (format.At(Packed.AsSpan(block * format.BytesOfBlock), column % format.Size) - zero) * Scales[block];
        }

        return weights;
    }
}
