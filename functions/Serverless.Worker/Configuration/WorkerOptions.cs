using Serverless.Inference;

namespace Serverless.Worker.Configuration;

/// <summary>Settings of the worker, section <c>Worker</c>.</summary>
internal sealed class WorkerOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Worker";

    /// <summary>Where requests are served unless set.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>Where requests are served; loopback only, since the worker does not know its callers. Port 0 takes a free one.</summary>
    public string Url { get; set; } = DefaultUrl;

    /// <summary>Where <c>/metrics</c> is served.</summary>
    public string MetricsUrl { get; set; } = "http://127.0.0.1:8081";

    /// <summary>Largest request body; 512 MiB unless set, 1 KiB to 2,000,000,000.</summary>
    public long MaxBodyBytes { get; set; } = 512L << 20;

    /// <summary>A folder, or a blob container's URL; the container <c>models</c> of the storage account unless set.</summary>
    public string? ModelStore { get; set; }

    /// <summary>Execution providers in order of preference: <c>cuda</c>, <c>tensorrt</c>, <c>cpu</c>; <c>cpu</c> unless set.</summary>
    // Null rather than a default list: the binder appends to a list that is there.
    public IList<string>? ExecutionProviders { get; set; }

    /// <summary>Whether to refuse to start without a working GPU.</summary>
    public bool RequireGpu { get; set; }

    /// <summary>How many requests may wait for one model; 1 to 100,000.</summary>
    public int QueueCapacity { get; set; } = 256;

    /// <summary>How many model versions may be in memory; 1 to 1,000.</summary>
    public int MaxLoadedModels { get; set; } = 16;

    /// <summary>How long a request may take in all, waiting for its model to load included; 1 s to 1 h.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(200);

    /// <summary>Where packages are unpacked while they load; the system's temporary folder unless set.</summary>
    public string? ScratchFolder { get; set; }

    /// <summary>The providers to try.</summary>
    public IReadOnlyList<string> Providers => ExecutionProviders is { Count: > 0 } list ? [.. list] : ["cpu"];

    /// <summary>Hands the engine its part.</summary>
    public void ApplyTo(InferenceOptions engine)
    {
        engine.ExecutionProviders = Providers;
        engine.RequireGpu = RequireGpu;
        engine.QueueCapacity = QueueCapacity;
        engine.MaxLoadedModels = MaxLoadedModels;
        engine.ScratchFolder = ScratchFolder;
    }
}
