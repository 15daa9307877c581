using System.Numerics.Tensors;
using TinyLm.Numerics;

namespace TinyLm.Layers;

/// <summary>Cross entropy of the next token, in nats.</summary>
internal static class TokenLoss
{
    /// <summary>The sum over all rows, which leaves in <paramref name="logits"/> the probabilities.</summary>
    public static double Forward(Matrix logits, ReadOnlySpan<int> targets)
    {
        var sum = 0.0;
        for (var row = 0; row < logits.Rows; row++)
        {
            var cells = logits.Row(row);
            TensorPrimitives.SoftMax<float>(cells, cells);
            sum -= Math.Log(Math.Max(cells[targets[row]], float.Epsilon));
        }

        return sum;
    }

    /// <summary>Turns the probabilities into the gradient of the loss, each row times <paramref name="scale"/>.</summary>
    public static void Backward(Matrix probabilities, ReadOnlySpan<int> targets, float scale)
    {
        for (var row = 0; row < probabilities.Rows; row++)
        {
            var cells = probabilities.Row(row);
            cells[targets[row]] -= 1;
            TensorPrimitives.Multiply(cells, scale, cells);
        }
    }
}
