using System.Numerics.Tensors;

namespace Serverless.Inference.Comparison;

/// <summary>Gathers how far answers are from those that are right.</summary>
internal sealed class AnswerDistance
{
    private double _cosines;
    private int _agreed;

    /// <summary>How many answers were compared.</summary>
    public int Count { get; private set; }

    /// <summary>The mean of the answers' cosines.</summary>
    public double MeanCosine => _cosines / Count;

    /// <summary>The smallest of them.</summary>
    public double WorstCosine { get; private set; } = 1;

    /// <summary>The largest difference of two numbers.</summary>
    public double MaxError { get; private set; }

    /// <summary>Share of answers whose largest number is at the same place.</summary>
    public double Top1 => _agreed / (double)Count;

    public void Add(ReadOnlySpan<float> wanted, ReadOnlySpan<float> found)
    {
        var cosine = Cosine(wanted, found);
        _cosines += cosine;
        WorstCosine = Math.Min(WorstCosine, cosine);
        for (var i = 0; i < wanted.Length; i++)
            MaxError = Math.Max(MaxError, Math.Abs((double)wanted[i] - found[i]));
        _agreed += TensorPrimitives.IndexOfMax(wanted) == TensorPrimitives.IndexOfMax(found) ? 1 : 0;
        Count++;
    }

    public void Add(AnswerDistance other)
    {
        _cosines += other._cosines;
        _agreed += other._agreed;
        WorstCosine = Math.Min(WorstCosine, other.WorstCosine);
        MaxError = Math.Max(MaxError, other.MaxError);
        Count += other.Count;
    }

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
