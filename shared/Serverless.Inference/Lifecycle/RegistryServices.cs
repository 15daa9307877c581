using Microsoft.Extensions.Logging;
using Serverless.Inference.Diagnostics;
using Serverless.Inference.Shadowing;
using Serverless.Inference.Staging;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Lifecycle;

/// <summary>What the slots of a registry share.</summary>
internal sealed record RegistryServices(
    IModelLoader Loader, InferenceOptions Options, InferenceMetrics Metrics, TimeProvider Time, ILogger Logger)
{
    /// <summary>Cancelled when the process stops.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>The memory that models share.</summary>
    public required MemoryRoom Room { get; init; }

    /// <summary>How models are served.</summary>
    public required ServingChanges Changes { get; init; }

    /// <summary>Where a later stage of a model runs.</summary>
    public required Func<StageRecord, IStage> StageOf { get; init; }

    /// <summary>What runs in the shadow of others.</summary>
    public required ShadowRuns Shadows { get; init; }
}
