using Microsoft.Extensions.Logging;
using Serverless.Inference.Diagnostics;

namespace Serverless.Inference.Lifecycle;

/// <summary>What the slots of a registry share.</summary>
internal sealed record RegistryServices(
    IModelLoader Loader, InferenceOptions Options, InferenceMetrics Metrics, TimeProvider Time, ILogger Logger)
{
    /// <summary>Cancelled when the process stops.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>Makes room for one more version, or throws.</summary>
    public required Action<VersionSlot> MakeRoom { get; init; }
}
