namespace Serverless.Optimization.Evaluation;

/// <summary>Compares what two versions of a model answer.</summary>
internal interface IComparison
{
    /// <summary>What the answers are compared on, for people.</summary>
    string References { get; }

    /// <summary>How far the candidate's answers are from the parent's.</summary>
    Task<IReadOnlyList<(string Name, double Value)>> CompareAsync(
        ServedVersion parent, ServedVersion candidate, CancellationToken cancellationToken);

    /// <summary>How fast a version answers, in whatever it answers per second.</summary>
    Task<double> MeasureAsync(ServedVersion version, CancellationToken cancellationToken);
}
