using System.Numerics.Tensors;
using TinyLm.Numerics;

namespace TinyLm.Layers;

/// <summary>The gated feed-forward activation: gate · sigmoid(gate) · up.</summary>
internal static class SwiGlu
{
    /// <param name="gateUp">Each row the gates, then the ups.</param>
    /// <param name="output">Receives half as many columns.</param>
    public static void Forward(Matrix gateUp, Matrix output)
    {
        for (var row = 0; row < gateUp.Rows; row++)
        {
            var target = output.Row(row);
            var gate = gateUp.Row(row)[..target.Length];
            TensorPrimitives.Sigmoid<float>(gate, target);
            TensorPrimitives.Multiply(target, gate, target);
            TensorPrimitives.Multiply(target, gateUp.Row(row)[target.Length..], target);
        }
    }

    /// <summary>Writes the gradient of gates and ups.</summary>
    public static void Backward(Matrix gateUp, Matrix outputGradient, Matrix gradient)
    {
        Span<float> sigmoid = stackalloc float[outputGradient.Columns];
        for (var row = 0; row < gateUp.Rows; row++)
        {
            var output = outputGradient.Row(row);
            var gate = gateUp.Row(row)[..output.Length];
            var up = gateUp.Row(row)[output.Length..];
            var gateGradient = gradient.Row(row)[..output.Length];
            var upGradient = gradient.Row(row)[output.Length..];
            TensorPrimitives.Sigmoid<float>(gate, sigmoid);

            // The slope of x·s(x) is s + x·s·(1 − s) = s·(1 + x − x·s).
            TensorPrimitives.Multiply(gate, sigmoid, upGradient);
            TensorPrimitives.Subtract(gate, upGradient, gateGradient);
            TensorPrimitives.Add(gateGradient, 1, gateGradient);
            TensorPrimitives.Multiply(gateGradient, sigmoid, gateGradient);
            TensorPrimitives.Multiply(gateGradient, up, gateGradient);
            TensorPrimitives.Multiply(gateGradient, output, gateGradient);
            TensorPrimitives.Multiply(upGradient, output, upGradient);
        }
    }
}
