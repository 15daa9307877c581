using System.Numerics.Tensors;
using TinyLm.Numerics;

namespace TinyLm.Layers;

/// <summary>Each row over its root mean square, times a weight per column.</summary>
internal static class RmsNorm
{
    /// <param name="input">Rows.</param>
    /// <param name="weight">One for each column.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="inverse">Receives one over each row's root mean square; <see cref="Backward"/> takes it.</param>
    /// <param name="output">Receives the rows.</param>
    public static void Forward(Matrix input, ReadOnlySpan<float> weight, float epsilon, Span<float> inverse, Matrix output)
    {
        for (var row = 0; row < input.Rows; row++)
        {
            var source = input.Row(row);
            var target = output.Row(row);
            inverse[row] = 1 / MathF.Sqrt((TensorPrimitives.SumOfSquares<float>(source) / source.Length) + epsilon);
            TensorPrimitives.Multiply(source, inverse[row], target);
            TensorPrimitives.Multiply(target, weight, target);
        }
    }

    /// <summary>Adds to the gradients of the input and of the weight.</summary>
    public static void Backward(
        Matrix input, ReadOnlySpan<float> weight, ReadOnlySpan<float> inverse, Matrix outputGradient, Matrix inputGradient,
        Span<float> weightGradient)
    {
        Span<float> scaled = stackalloc float[input.Columns];
        for (var row = 0; row < input.Rows; row++)
        {
            var source = input.Row(row);
            var gradient = outputGradient.Row(row);
            var target = inputGradient.Row(row);
            TensorPrimitives.Multiply(gradient, source, scaled);
            TensorPrimitives.MultiplyAdd(scaled, inverse[row], weightGradient, weightGradient);
            TensorPrimitives.Multiply(gradient, weight, scaled);
            var along = TensorPrimitives.Dot<float>(scaled, source) * inverse[row] * inverse[row] / source.Length;
            TensorPrimitives.MultiplyAdd(scaled, inverse[row], target, target);
            TensorPrimitives.MultiplyAdd(source, -along * inverse[row], target, target);
        }
    }
}
