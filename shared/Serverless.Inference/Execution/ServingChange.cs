namespace Serverless.Inference.Execution;

/// <summary>A change of <see cref="ServingSettings"/>: what is null stays as it is.</summary>
public sealed record ServingChange
{
    /// <inheritdoc cref="ServingSettings.Instances"/>
    public int? Instances { get; init; }

    /// <inheritdoc cref="ServingSettings.MaxBatch"/>
    public int? MaxBatch { get; init; }

    /// <inheritdoc cref="ServingSettings.MaxElements"/>
    public int? MaxElements { get; init; }

    /// <inheritdoc cref="ServingSettings.MaxWaste"/>
    public double? MaxWaste { get; init; }

    /// <summary><see cref="ServingSettings.MaxDelay"/> in microseconds.</summary>
    public long? MaxDelayMicroseconds { get; init; }

    /// <inheritdoc cref="ServingSettings.PreferredBatches"/>
    public IReadOnlyList<int>? PreferredBatches { get; init; }

    /// <inheritdoc cref="ServingSettings.QueueRows"/>
    public int? QueueRows { get; init; }

    /// <inheritdoc cref="ServingSettings.QueueBytes"/>
    public long? QueueBytes { get; init; }

    /// <inheritdoc cref="ServingSettings.CacheBytes"/>
    public long? CacheBytes { get; init; }

    /// <summary>This change followed by another.</summary>
    public ServingChange Then(ServingChange later) => new()
    {
        Instances = later.Instances ?? Instances,
        MaxBatch = later.MaxBatch ?? MaxBatch,
        MaxElements = later.MaxElements ?? MaxElements,
        MaxWaste = later.MaxWaste ?? MaxWaste,
        MaxDelayMicroseconds = later.MaxDelayMicroseconds ?? MaxDelayMicroseconds,
        PreferredBatches = later.PreferredBatches ?? PreferredBatches,
        QueueRows = later.QueueRows ?? QueueRows,
        QueueBytes = later.QueueBytes ?? QueueBytes,
        CacheBytes = later.CacheBytes ?? CacheBytes,
    };
}
