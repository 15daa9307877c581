namespace Serverless.Inference.Shadowing;

/// <summary>What came of running one version in the shadow of another, in this process.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The version that answered.</param>
/// <param name="Shadow">The version whose answers were compared with it.</param>
public sealed record ShadowReport(string Model, int Version, int Shadow)
{
    /// <summary>Requests whose answers were compared. One request for several texts counts for each.</summary>
    public long Compared { get; init; }

    /// <summary>Requests that the shadow failed.</summary>
    public long Failed { get; init; }

    /// <summary>Requests that were sampled and not run, because the worker was busy or they are too large to be kept.</summary>
    public long Dropped { get; init; }

    /// <summary>The mean cosine of rows of answers; null while none were compared.</summary>
    public double? MeanCosine { get; init; }

    /// <summary>The smallest cosine of a row.</summary>
    public double? WorstCosine { get; init; }

    /// <summary>Share of rows whose largest number is at the same place; null for text embedders, where that says nothing.</summary>
    public double? Top1 { get; init; }

    /// <summary>The largest difference of two numbers.</summary>
    public double? MaxError { get; init; }

    /// <summary>How long the graph of the answering version ran for these requests, the mean.</summary>
    public TimeSpan MeanRun { get; init; }

    /// <summary>How long the shadow's ran.</summary>
    public TimeSpan MeanShadowRun { get; init; }

    /// <summary>Why the shadow failed last.</summary>
    public string? LastFailure { get; init; }
}
