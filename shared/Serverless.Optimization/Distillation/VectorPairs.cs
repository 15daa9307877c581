using System.Numerics.Tensors;
using Serverless.Optimization.Calibration;
using Serverless.Optimization.Graphs;

namespace Serverless.Optimization.Distillation;

/// <summary>The vectors of texts as a student's last layer and its teacher have them: means over tokens.</summary>
/// <param name="Student">Of each text.</param>
/// <param name="Teacher">The same, each of length 1.</param>
internal sealed record VectorPairs(IReadOnlyList<float[]> Student, IReadOnlyList<float[]> Teacher)
{
    public int Width => Student[0].Length;

    public int Count => Student.Count;

    /// <summary>Runs the teacher, within which the student is.</summary>
    public static VectorPairs Of(ModelGraph model, Lessons lessons, string student, string teacher)
    {
        var (mine, wanted) = (new List<float[]>(), new List<float[]>());
        ActivationProbe.Run(model, [student, teacher], (value, numbers, width) => (value == student ? mine : wanted).Add(Mean(numbers, width)), lessons.Rows);
        foreach (var vector in wanted)
            TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        return new VectorPairs(mine, wanted);
    }

    /// <summary>Those of texts whose number <paramref name="isWanted"/>.</summary>
    public VectorPairs Where(Func<int, bool> isWanted) =>
        new([.. Student.Where((_, text) => isWanted(text))], [.. Teacher.Where((_, text) => isWanted(text))]);

    private static float[] Mean(ReadOnlySpan<float> tokens, int width)
    {
        var mean = new float[width];
        for (var start = 0; start < tokens.Length; start += width)
            TensorPrimitives.Add(mean, tokens.Slice(start, width), mean);
        TensorPrimitives.Divide(mean, tokens.Length / width, mean);
        return mean;
    }
}
