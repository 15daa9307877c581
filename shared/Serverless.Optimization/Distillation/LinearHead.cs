using System.Numerics.Tensors;

namespace Serverless.Optimization.Distillation;

/// <summary>
/// A matrix and a bias behind a student's last layer. The mean over tokens of what it gives is what it gives of the mean, so that it learns
/// from one vector of each text.
/// </summary>
internal sealed class LinearHead
{
    /// <summary>Changes nothing yet.</summary>
    public LinearHead(int width)
    {
        Width = width;
        Weights = new float[(width + 1) * width];
        for (var i = 0; i < width; i++)
            Weights[(i * width) + i] = 1;
    }

    public int Width { get; }

    /// <summary>[in, out], and the bias as one more row.</summary>
    public float[] Weights { get; private init; }

    public ReadOnlySpan<float> Matrix => Weights.AsSpan(0, Width * Width);

    public ReadOnlySpan<float> Bias => Weights.AsSpan(Width * Width);

    public LinearHead Copy() => new(Width) { Weights = [.. Weights] };

    /// <summary>The mean of 1 - cosine.</summary>
    public double Loss(VectorPairs pairs)
    {
        var losses = new double[pairs.Count];
        Parallel.For(0, pairs.Count, text => losses[text] = Loss(Apply(pairs.Student[text]), pairs.Teacher[text], slope: null));
        return losses.Sum() / pairs.Count;
    }

    /// <summary>The same, with its slope by every weight in <paramref name="slopes"/>.</summary>
    public double LossAndSlopes(VectorPairs pairs, float[] slopes)
    {
        var losses = new double[pairs.Count];
        var outputs = new float[pairs.Count][];
        Parallel.For(0, pairs.Count, text =>
        {
            outputs[text] = new float[Width];
            losses[text] = Loss(Apply(pairs.Student[text]), pairs.Teacher[text], outputs[text]);
        });
        // Each row of the sum belongs to one thread, which adds the texts in their order: the sum is the same every time.
        Parallel.For(0, Width + 1, row =>
        {
            var target = slopes.AsSpan(row * Width, Width);
            target.Clear();
            for (var text = 0; text < pairs.Count; text++)
                TensorPrimitives.MultiplyAdd(outputs[text], (row < Width ? pairs.Student[text][row] : 1) / pairs.Count, target, target);
        });
        return losses.Sum() / pairs.Count;
    }

    private float[] Apply(float[] vector)
    {
        var output = Bias.ToArray();
        for (var i = 0; i < Width; i++)
            TensorPrimitives.MultiplyAdd(Weights.AsSpan(i * Width, Width), vector[i], output, output);
        return output;
    }

    // Of 1 - cosine by the output: (cosine · output / its length - wanted) / its length.
    private static double Loss(float[] output, float[] wanted, float[]? slope)
    {
        var length = MathF.Max(TensorPrimitives.Norm<float>(output), 1e-12f);
        var cosine = TensorPrimitives.Dot<float>(output, wanted) / length;
        if (slope is not null)
        {
            TensorPrimitives.Multiply(output, cosine / length, slope);
            TensorPrimitives.Subtract(slope, wanted, slope);
            TensorPrimitives.Divide(slope, length, slope);
        }

        return 1 - cosine;
    }
}
