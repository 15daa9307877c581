using Serverless.Contracts.Models;
using Serverless.Inference;
using Serverless.Models.Caching;
using Serverless.Worker.Stages;

namespace Serverless.Worker.Configuration;

/// <summary>Settings of the worker, section <c>Worker</c>.</summary>
internal sealed class WorkerOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Worker";

    /// <summary>Where requests are served unless set.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>
    /// Where requests are served; loopback only unless there are <see cref="GatewayKeys"/> or an <see cref="EntraAuthority"/> to know the gateway
    /// by, or <see cref="TrustNetwork"/>. Port 0 takes a free one.
    /// </summary>
    public string Url { get; set; } = DefaultUrl;

    /// <summary>
    /// Keys of which the gateway signs its tokens with one, each base64 of 32 bytes at least; none unless set. With any, whoever has no token of
    /// the gateway is refused. Two while a key is replaced.
    /// </summary>
    public IList<string>? GatewayKeys { get; set; }

    /// <summary>
    /// Who issues the tokens by which the gateway is known in place of keys: <c>https://login.microsoftonline.com/DIRECTORY/v2.0</c>; none unless
    /// set.
    /// </summary>
    public Uri? EntraAuthority { get; set; }

    /// <summary>Whom the tokens must be for: the id of the app registration that stands for the worker.</summary>
    public string? EntraAudience { get; set; }

    /// <summary>Whose tokens they must be: the object id of the gateway's managed identity, the claim <c>oid</c>.</summary>
    public string? EntraGateway { get; set; }

    /// <summary>
    /// Whether the network lets nobody but the gateway in, as the internal ingress of a Container Apps environment or a network policy does;
    /// <see langword="false"/> unless set. Without keys, only then may <see cref="Url"/> and <see cref="GrpcUrl"/> be other addresses than loopback.
    /// </summary>
    public bool TrustNetwork { get; set; }

    /// <summary>
    /// Where the protocol is served over gRPC (HTTP/2 without TLS, by prior knowledge), under the same rule as <see cref="Url"/>; empty for
    /// nowhere.
    /// </summary>
    public string GrpcUrl { get; set; } = "http://127.0.0.1:8082";

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

    /// <summary>How many rows may wait for one model; 1 to 100,000.</summary>
    public int QueueCapacity { get; set; } = 1024;

    /// <summary>How many bytes of inputs may wait for one model; 512 MiB unless set, 1 MiB at least.</summary>
    public long QueueBytes { get; set; } = 512L << 20;

    /// <summary>How many runs of a model go side by side; as many as fill the cores unless set, 1 to 64.</summary>
    public int? Instances { get; set; }

    /// <summary>How many threads one run may use; 1 up to four cores and a quarter of them beyond unless set, 1 to 256.</summary>
    public int? IntraOpThreads { get; set; }

    /// <summary>How many model versions may be in memory; 1 to 1,000.</summary>
    public int MaxLoadedModels { get; set; } = 16;

    /// <summary>How long a request may take in all, waiting for its model to load included; 1 s to 1 h.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(200);

    /// <summary>How long requests at hand may take after SIGTERM before they are ended; 25 s unless set, 0 to 10 minutes.</summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How much memory models may take in all; no limit unless set, 1 MiB at least.</summary>
    public long? MemoryBudgetBytes { get; set; }

    /// <summary>Where stages of partitioned models are served, by the places that their manifests name; stages at other places are served here.</summary>
    public IList<StageAddress>? Stages { get; set; }

    /// <summary>Models to load at start: <c>name</c>, <c>name:version</c> or <c>name:alias</c>.</summary>
    public IList<string>? Preload { get; set; }

    /// <summary>Models that are never unloaded to make room: <c>name</c> or <c>name:version</c>.</summary>
    public IList<string>? Pinned { get; set; }

    /// <summary>Folder on a local disk that keeps packages once loaded; workers of one machine may share it. None unless set.</summary>
    public string? CacheFolder { get; set; }

    /// <summary>How much may lie in <see cref="CacheFolder"/>; 20 GiB unless set, 1 MiB at least.</summary>
    public long CacheBytes { get; set; } = 20L << 30;

    /// <summary>Whether requests have to come from the gateway.</summary>
    public bool KnowsGateway => GatewayKeys is { Count: > 0 } || EntraAuthority is not null;

    /// <summary>The providers to try.</summary>
    public IReadOnlyList<string> Providers => ExecutionProviders is { Count: > 0 } list ? [.. list] : ["cpu"];

    /// <summary>Hands the engine its part.</summary>
    public void ApplyTo(InferenceOptions engine)
    {
        engine.ExecutionProviders = Providers;
        engine.RequireGpu = RequireGpu;
        engine.IntraOpThreads = IntraOpThreads ?? engine.IntraOpThreads;
        engine.Serving = engine.Serving with
        {
            QueueRows = QueueCapacity,
            QueueBytes = QueueBytes,
            Instances = Instances ?? engine.Serving.Instances,
        };
        engine.MaxLoadedModels = MaxLoadedModels;
        engine.MemoryBudgetBytes = MemoryBudgetBytes;
        engine.Pinned = [.. (Pinned ?? []).Select(ModelReference.Parse)];
        engine.Cache = CacheFolder is null ? null : new PackageCacheOptions(CacheFolder, CacheBytes);
    }
}
