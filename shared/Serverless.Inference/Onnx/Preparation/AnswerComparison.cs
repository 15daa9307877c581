using System.Globalization;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Onnx.Preparation;

/// <summary>Compares answers that should be the same.</summary>
/// <param name="precision">How far they may be apart, in parts of their size, where their type allows less.</param>
internal sealed class AnswerComparison(double precision = 0)
{
    /// <summary>The largest difference seen.</summary>
    public double Largest { get; private set; }

    /// <summary>Compares a row on its own with row <paramref name="index"/> of <paramref name="together"/>.</summary>
    /// <returns>What is different, or null.</returns>
    public string? FindDifference(IReadOnlyList<Tensor> alone, IReadOnlyList<Tensor> together, int index, int rows)
    {
        for (var i = 0; i < alone.Count; i++)
        {
            if (Compare(alone[i], together[i], index, rows) is { } difference)
                return $"output '{alone[i].Name}' {difference}";
        }

        return null;
    }

    // Padding makes rows of a batch wider than they are alone; width is the second dimension, so what a row has alone comes first.
    private static bool IsShapedAlike(Tensor alone, Tensor together, int rows)
    {
        if (alone.Shape.Count != together.Shape.Count)
            return false;
        if (rows == 1 && alone.Shape.SequenceEqual(together.Shape))
            return true;
        return alone.Shape.Count > 0 && alone.Shape[0] == 1 && together.Shape[0] == rows
            && alone.Shape.Skip(2).SequenceEqual(together.Shape.Skip(2))
            && (alone.Shape.Count < 2 || alone.Shape[1] <= together.Shape[1]);
    }

    private string? Compare(Tensor alone, Tensor together, int index, int rows)
    {
        if (!IsShapedAlike(alone, together, rows))
        {
            return $"has the shape {TensorShape.Format(together.Shape)} for {rows} rows and {TensorShape.Format(alone.Shape)} for one: "
                + "its first dimension does not count rows";
        }

        if (alone.Datatype == TensorDatatype.Bytes)
            return "holds strings, which are not compared";
        var start = checked((int)(together.Count / rows * index));
        var allowed = Math.Max(precision, TensorElements.Precision(alone.Datatype));
        for (var i = 0; i < alone.Count; i++)
        {
            var (one, other) = (
                TensorElements.At(alone.Datatype, alone.Data, i), TensorElements.At(together.Datatype, together.Data, start + i));
            if (one.Equals(other))
                continue;
            var difference = Math.Abs(one - other);
            Largest = Math.Max(Largest, double.IsNaN(difference) ? 0 : difference);
            if (!(difference <= allowed * Math.Max(1, Math.Abs(one))))
                return string.Create(CultureInfo.InvariantCulture, $"is {other:g6} where {one:g6} is right");
        }

        return null;
    }
}
