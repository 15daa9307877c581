using Serverless.Models.Manifest;

namespace Serverless.Optimization.Evaluation;

/// <summary>What a candidate must reach to be published. Null asks for nothing.</summary>
public sealed record GateThresholds
{
    /// <summary>The least mean cosine; 0.99 unless set.</summary>
    public double? Cosine { get; init; } = 0.99;

    /// <summary>The least share of equal first choices.</summary>
    public double? Top1 { get; init; }

    /// <summary>The largest difference of any number.</summary>
    public double? MaxError { get; init; }

    /// <summary>The most that the perplexity may be over the parent's; 1.05 unless set.</summary>
    public double? Perplexity { get; init; } = 1.05;

    /// <summary>The largest packed size over the parent's; 1 unless set: a candidate that is not smaller is of no use.</summary>
    public double? PackedSize { get; init; } = 1;

    /// <summary>The least throughput over the parent's.</summary>
    public double? Throughput { get; init; }

    /// <summary>The figures with their bounds.</summary>
    public IReadOnlyList<EvaluationFigure> Bound(IEnumerable<(string Name, double Value)> measured) =>
    [
        .. measured.Select(figure => figure.Name switch
        {
            FigureNames.Cosine => Least(figure, Cosine),
            FigureNames.Top1 => Least(figure, Top1),
            FigureNames.MaxError => Most(figure, MaxError),
            FigureNames.Perplexity => Most(figure, Perplexity),
            FigureNames.PackedSize => Most(figure, PackedSize),
            FigureNames.Throughput => Least(figure, Throughput),
            _ => new EvaluationFigure(figure.Name, Finite(figure.Value)),
        }),
    ];

    private static EvaluationFigure Least((string Name, double Value) figure, double? bound) =>
        new(figure.Name, Finite(figure.Value)) { Least = bound };

    private static EvaluationFigure Most((string Name, double Value) figure, double? bound) =>
        new(figure.Name, double.IsFinite(figure.Value) ? figure.Value : double.MaxValue) { Most = bound };

    // JSON has no word for what is no number, and such a candidate must not pass.
    private static double Finite(double value) => double.IsFinite(value) ? value : double.MinValue;
}
