using Serverless.Contracts.Models;
using Serverless.Inference.Execution;
using Serverless.Inference.Generation;
using Serverless.Models.Caching;

namespace Serverless.Inference;

/// <summary>Settings of the engine.</summary>
public sealed class InferenceOptions
{
    /// <summary>Execution providers in order of preference; <c>cuda</c>, <c>tensorrt</c>, <c>cpu</c>.</summary>
    public IReadOnlyList<string> ExecutionProviders { get; set; } = ["cpu"];

    /// <summary>Whether to fail rather than run on the CPU.</summary>
    public bool RequireGpu { get; set; }

    /// <summary>How models are served unless something else is set for one.</summary>
    public ServingSettings Serving { get; set; } = new() { Instances = MachineDefaults.Instances };

    /// <summary>How decoders are served.</summary>
    public GenerationOptions Generation { get; set; } = new();

    /// <summary>Threads that one run may use; the runtime's pool is shared by all models of the process.</summary>
    public int IntraOpThreads { get; set; } = MachineDefaults.IntraOpThreads;

    /// <summary>How many model versions may be in memory; the least recently used idle one makes room.</summary>
    public int MaxLoadedModels { get; set; } = 16;

    /// <summary>
    /// How much memory models may take in all, by what was measured when they were pushed; the least recently used idle one makes room.
    /// Null sets no limit.
    /// </summary>
    public long? MemoryBudgetBytes { get; set; }

    /// <summary>How long a load waits for room while every model is in use.</summary>
    public TimeSpan RoomTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Models that are never unloaded to make room: <c>name</c> or <c>name:version</c>.</summary>
    public IReadOnlyList<ModelReference> Pinned { get; set; } = [];

    /// <summary>Where packages that were loaded are kept on this machine; null keeps nothing.</summary>
    public PackageCacheOptions? Cache { get; set; }

    /// <summary>How often, at most, the store is asked for a newer version of a model in use.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Pause after a version failed to load; doubles with each failure up to <see cref="MaxBackOff"/>.</summary>
    public TimeSpan BackOff { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest pause between two attempts to load a version.</summary>
    public TimeSpan MaxBackOff { get; set; } = TimeSpan.FromMinutes(1);
}
