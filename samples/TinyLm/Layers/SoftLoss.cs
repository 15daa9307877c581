using System.Numerics.Tensors;
using TinyLm.Numerics;
using TinyLm.Training;

namespace TinyLm.Layers;

/// <summary>
/// How far a student is from its teacher and from the text, in nats: (1 - share) of the cross entropy of the next token, and share times
/// the squared temperature of the relative entropy of both softened answers, so that the slope does not depend on the temperature.
/// </summary>
internal static class SoftLoss
{
    /// <summary>The sum over all rows, which leaves in <paramref name="logits"/> its gradient, each row times <paramref name="scale"/>.</summary>
    public static double Run(Matrix logits, Matrix wanted, Teacher teacher, ReadOnlySpan<int> targets, float scale)
    {
        var sum = 0.0;
        var (soft, softWanted) = (new float[logits.Columns], new float[logits.Columns]);
        for (var row = 0; row < logits.Rows; row++)
        {
            var cells = logits.Row(row);
            Soften(cells, teacher.Temperature, soft);
            Soften(wanted.Row(row), teacher.Temperature, softWanted);
            sum += teacher.Share * teacher.Temperature * teacher.Temperature * Divergence(softWanted, soft);
            TensorPrimitives.SoftMax<float>(cells, cells);
            sum -= (1 - teacher.Share) * Math.Log(Math.Max(cells[targets[row]], float.Epsilon));

            cells[targets[row]] -= 1;
            TensorPrimitives.Multiply(cells, (1 - teacher.Share) * scale, cells);
            TensorPrimitives.Subtract(soft, softWanted, soft);
            TensorPrimitives.MultiplyAdd(soft, teacher.Share * teacher.Temperature * scale, cells, cells);
        }

        return sum;
    }

    private static void Soften(ReadOnlySpan<float> logits, float temperature, Span<float> probabilities)
    {
        TensorPrimitives.Divide(logits, temperature, probabilities);
        TensorPrimitives.SoftMax<float>(probabilities, probabilities);
    }

    private static double Divergence(ReadOnlySpan<float> wanted, ReadOnlySpan<float> found)
    {
        var sum = 0.0;
        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] > 0)
                sum += wanted[i] * Math.Log(wanted[i] / Math.Max(found[i], float.Epsilon));
        }

        return sum;
    }
}
