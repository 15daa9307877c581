using Serverless.Inference.Comparison;

namespace Serverless.Optimization.Evaluation;

/// <summary>The figures of a comparison of answers.</summary>
internal static class AnswerFigures
{
    public static IReadOnlyList<(string Name, double Value)> Of(AnswerDistance distance) =>
    [
        (FigureNames.Cosine, distance.MeanCosine),
        (FigureNames.WorstCosine, distance.WorstCosine),
        (FigureNames.Top1, distance.Top1),
        (FigureNames.MaxError, distance.MaxError),
    ];
}
