namespace Serverless.Inference;

/// <summary>Settings of the engine.</summary>
public sealed class InferenceOptions
{
    /// <summary>Execution providers in order of preference; <c>cuda</c>, <c>tensorrt</c>, <c>cpu</c>.</summary>
    public IReadOnlyList<string> ExecutionProviders { get; set; } = ["cpu"];

    /// <summary>Whether to fail rather than run on the CPU.</summary>
    public bool RequireGpu { get; set; }

    /// <summary>How many requests may wait for one model version; more are refused with 429.</summary>
    public int QueueCapacity { get; set; } = 256;

    /// <summary>How many model versions may be in memory; the least recently used idle one makes room.</summary>
    public int MaxLoadedModels { get; set; } = 16;

    /// <summary>How often, at most, the store is asked for a newer version of a model in use.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Pause after a version failed to load; doubles with each failure up to <see cref="MaxBackOff"/>.</summary>
    public TimeSpan BackOff { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest pause between two attempts to load a version.</summary>
    public TimeSpan MaxBackOff { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Where packages are unpacked while they load; the system's temporary folder unless set.</summary>
    public string? ScratchFolder { get; set; }
}
