using System.Numerics.Tensors;

namespace Serverless.Optimization.Evaluation;

/// <summary>Gathers how far answers are from those that are right.</summary>
internal sealed class AnswerDistance
{
    private double _cosines;
    private double _worst = 1;
    private double _error;
    private int _agreed;
    private int _count;

    public void Add(ReadOnlySpan<float> wanted, ReadOnlySpan<float> found)
    {
        var cosine = Cosine(wanted, found);
        _cosines += cosine;
        _worst = Math.Min(_worst, cosine);
        for (var i = 0; i < wanted.Length; i++)
            _error = Math.Max(_error, Math.Abs((double)wanted[i] - found[i]));
        _agreed += TensorPrimitives.IndexOfMax(wanted) == TensorPrimitives.IndexOfMax(found) ? 1 : 0;
        _count++;
    }

    public IReadOnlyList<(string Name, double Value)> Figures() =>
    [
        (FigureNames.Cosine, _cosines / _count),
        (FigureNames.WorstCosine, _worst),
        (FigureNames.Top1, _agreed / (double)_count),
        (FigureNames.MaxError, _error),
    ];

    // Two answers of nothing but zeros are the same.
    private static double Cosine(ReadOnlySpan<float> wanted, ReadOnlySpan<float> found)
    {
        double product = 0, one = 0, other = 0;
        for (var i = 0; i < wanted.Length; i++)
        {
            product += (double)wanted[i] * found[i];
            one += (double)wanted[i] * wanted[i];
            other += (double)found[i] * found[i];
        }

        return one == 0 && other == 0 ? 1 : product / Math.Sqrt(one * other);
    }
}
