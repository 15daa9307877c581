using System.Numerics.Tensors;
using Serverless.Optimization.Calibration;

namespace Serverless.Optimization.Quantization;

/// <summary>
/// Rounds the weights of a row one after another and makes the error of each good in those that are not rounded yet, as far as their inputs
/// go together (Frantar et al., GPTQ, arXiv 2210.17323).
/// </summary>
internal sealed class GptqRounding
{
    // Of the mean of the diagonal, added to it: inputs that were hardly seen must not carry the errors of others.
    private const double Damping = 0.01;

    // Upper triangular: U with UᵀU the inverse of the inputs' Hessian.
    private readonly float[][] _factor;

    private GptqRounding(float[][] factor) => _factor = factor;

    public static GptqRounding Of(InputHessian inputs)
    {
        var mean = Enumerable.Range(0, inputs.Size).Average(i => (double)inputs[i, i]);
        return new GptqRounding(Invert(Factor(inputs, mean > 0 ? mean * Damping : 1)));
    }

    /// <summary>Rounds a block of <paramref name="row"/>, and changes what comes after it.</summary>
    public void Round(Span<float> row, Range block, BlockFormat format, (float Scale, byte Zero) fit, Span<byte> numbers)
    {
        var (start, count) = block.GetOffsetAndLength(row.Length);
        for (var i = 0; i < count; i++)
        {
            var (column, factor) = (start + i, _factor[start + i]);
            format.Round(row.Slice(column, 1), fit.Scale, fit.Zero, numbers.Slice(i, 1));
            var error = (row[column] - ((numbers[i] - fit.Zero) * fit.Scale)) / factor[column];
            var rest = row[(column + 1)..];
            TensorPrimitives.MultiplyAdd(factor.AsSpan(column + 1), -error, rest, rest);
        }
    }

    // Cholesky from the last column to the first: upper triangular V with VVᵀ the Hessian, whose inverse is then U.
    private static double[][] Factor(InputHessian inputs, double damping)
    {
        var size = inputs.Size;
        var factor = Enumerable.Range(0, size).Select(_ => new double[size]).ToArray();
        for (var column = size - 1; column >= 0; column--)
        {
            var (last, after) = (column, factor[column].AsMemory(column + 1));
            var pivot = inputs[last, last] + damping - TensorPrimitives.Dot<double>(after.Span, after.Span);
            // Rounding may leave less than was added.
            factor[last][last] = Math.Sqrt(Math.Max(pivot, damping / 2));
            Parallel.For(0, last, row => factor[row][last] =
                (inputs[row, last] - TensorPrimitives.Dot<double>(factor[row].AsSpan(last + 1), after.Span)) / factor[last][last]);
        }

        return factor;
    }

    private static float[][] Invert(double[][] factor)
    {
        var inverse = new float[factor.Length][];
        Parallel.For(0, factor.Length, start =>
        {
            var row = new double[factor.Length];
            row[start] = 1;
            for (var k = start; k < row.Length; k++)
            {
                row[k] /= factor[k][k];
                var rest = row.AsSpan(k + 1);
                TensorPrimitives.MultiplyAdd<double>(factor[k].AsSpan(k + 1), -row[k], rest, rest);
            }

            inverse[start] = Array.ConvertAll(row, number => (float)number);
        });
        return inverse;
    }
}
