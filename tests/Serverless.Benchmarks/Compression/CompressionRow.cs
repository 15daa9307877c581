using Serverless.Models.Manifest;
using Serverless.Optimization.Evaluation;

namespace Serverless.Benchmarks.Compression;

/// <summary>What a pass made of a model, each figure over the model as it was pushed.</summary>
/// <param name="Model">The model.</param>
/// <param name="Pass">The pass as it is given.</param>
/// <param name="File">Size of the file that it wrote.</param>
/// <param name="Figures">What it was measured by.</param>
internal sealed record CompressionRow(string Model, string Pass, double File, IReadOnlyList<EvaluationFigure> Figures)
{
    public double Packed => Find(FigureNames.PackedSize);

    public double Throughput => Find(FigureNames.Throughput);

    public double ColdStart => Find(FigureNames.ColdStart);

    /// <summary>Of a decoder its perplexity, of others the mean cosine of their answers.</summary>
    public string AccuracyName => Figures.Any(figure => figure.Name == FigureNames.Perplexity) ? FigureNames.Perplexity : FigureNames.Cosine;

    public double Accuracy => Find(AccuracyName);

    private double Find(string name) => Figures.First(figure => figure.Name == name).Value;
}
