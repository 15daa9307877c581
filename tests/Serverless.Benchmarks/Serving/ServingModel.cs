namespace Serverless.Benchmarks.Serving;

/// <summary>A model in the worker's store, and as a file for the baselines.</summary>
/// <param name="Name">What it is called everywhere.</param>
/// <param name="Graph">The .onnx file.</param>
/// <param name="Rows">Requests' inputs, sent in turn.</param>
internal sealed record ServingModel(string Name, string Graph, IReadOnlyList<Row> Rows)
{
    public const string Mlp = "mlp";
    public const string Wide = "wide";
    public const string ResNet = SampleModels.ResNet18.Name;
    public const string MiniLm = SampleModels.MiniLm.Name;

    /// <summary>The vocabulary of a model that reads text.</summary>
    public string? Vocabulary { get; init; }
}
