namespace Serverless.Contracts.Configuration;

/// <summary>
/// Names of the settings that operators write, as environment variables (<c>__</c>) or in JSON (<c>:</c>). Bicep, the local topology and
/// the code name them through these constants alone.
/// </summary>
public static class Settings
{
    /// <summary>
    /// Storage account: a connection string (emulators only), or the prefix of <c>Storage__blobServiceUri</c>,
    /// <c>Storage__queueServiceUri</c> and <c>Storage__tableServiceUri</c> with the process's identity. Also the connection name of queue
    /// triggers.
    /// </summary>
    public const string Storage = "Storage";

    /// <summary>
    /// Service Bus: a connection string (emulators only), or the prefix of <c>ServiceBus__fullyQualifiedNamespace</c> with the process's
    /// identity. Read by the gateway (sends; receives dead letters) and by the worker (consumes).
    /// </summary>
    public const string ServiceBus = "ServiceBus";

    /// <summary>Base URL of the worker (or of the ingress before its replicas) that the gateway forwards to.</summary>
    public const string GatewayWorkerUrl = "Gateway__WorkerUrl";

    /// <summary>The key with which the gateway signs what it tells the worker; see <see cref="WorkerGatewayKeys"/>.</summary>
    public const string GatewayWorkerKey = "Gateway__WorkerKey";

    /// <summary>Largest request body in bytes that the gateway takes; 512 MiB unless set.</summary>
    public const string GatewayMaxBodyBytes = "Gateway__MaxBodyBytes";

    /// <summary>The store in which the gateway looks for models; the container <c>models</c> of <see cref="Storage"/> unless set.</summary>
    public const string GatewayModelStore = "Gateway__ModelStore";

    /// <summary>
    /// Prefix of API keys: <c>Gateway__ApiKeys__N__Name</c>, <c>…__Sha256</c> (64 hex digits), <c>…__Operator</c>, <c>…__Weight</c> and
    /// <c>…__WebhookSecret</c>.
    /// </summary>
    public const string GatewayApiKeys = "Gateway__ApiKeys";

    /// <summary>URL on which the worker serves requests.</summary>
    public const string WorkerUrl = "Worker__Url";

    /// <summary>URL on which the worker serves the Open Inference Protocol over gRPC; empty for nowhere.</summary>
    public const string WorkerGrpcUrl = "Worker__GrpcUrl";

    /// <summary>
    /// Keys of which the gateway has one: <c>Worker__GatewayKeys__0</c> … With any, the worker takes requests from the gateway alone.
    /// </summary>
    public const string WorkerGatewayKeys = "Worker__GatewayKeys";

    /// <summary>Whether the worker may listen beyond loopback, because the network lets only the gateway in.</summary>
    public const string WorkerTrustNetwork = "Worker__TrustNetwork";

    /// <summary>Where models lie: a folder or URLs; the worker's own storage account unless set.</summary>
    public const string WorkerModelStore = "Worker__ModelStore";

    /// <summary>URL on which the worker serves <c>/metrics</c>.</summary>
    public const string WorkerMetricsUrl = "Worker__MetricsUrl";

    /// <summary>Execution providers in order of preference: <c>Worker__ExecutionProviders__0</c>=<c>cuda</c> …; <c>cpu</c> unless set.</summary>
    public const string WorkerExecutionProviders = "Worker__ExecutionProviders";

    /// <summary>Whether the worker refuses to start without a working GPU provider.</summary>
    public const string WorkerRequireGpu = "Worker__RequireGpu";

    /// <summary>How much memory models may take in one worker, in bytes; no limit unless set.</summary>
    public const string WorkerMemoryBudgetBytes = "Worker__MemoryBudgetBytes";

    /// <summary>Folder of the worker's local package cache; no cache unless set.</summary>
    public const string WorkerCacheFolder = "Worker__CacheFolder";

    /// <summary>How long requests at hand may take after SIGTERM; it has to fit the grace period.</summary>
    public const string WorkerDrainTime = "Worker__DrainTime";

    /// <summary>
    /// Prefix of what a replica costs: <c>Worker__Costs__GpuSecond</c>, <c>…__VcpuSecond</c> and <c>…__GiBSecond</c> with the quantities
    /// <c>…__Gpus</c>, <c>…__Vcpus</c> and <c>…__MemoryGiB</c>; costs are off unless it comes to more than nothing.
    /// </summary>
    public const string WorkerCosts = "Worker__Costs";

    /// <summary>Prefix of budgets: <c>Gateway__Budgets__N__Tenant</c>, <c>…__Daily</c>, <c>…__Monthly</c> and <c>…__AlertAt</c>.</summary>
    public const string GatewayBudgets = "Gateway__Budgets";

    /// <summary>Connection string of Application Insights; set, it turns the Azure Monitor exporter on.</summary>
    public const string ApplicationInsights = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>
    /// How to authenticate to Application Insights: <c>Authorization=AAD;ClientId=…</c>, in the form of the Functions host. Without it the
    /// connection string alone has to do, which Application Insights refuses once local authentication is off.
    /// </summary>
    public const string ApplicationInsightsAuthentication = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    /// <summary>Endpoint of an OpenTelemetry collector; set, it turns the OTLP exporter on.</summary>
    public const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>
    /// Part of the traces to be sampled, 0 to 1; 0.1 unless set. In the worker a trace that comes from elsewhere is sampled if it was there; the
    /// gateway decides by its id, since anybody may have sent it. <c>OTEL_TRACES_SAMPLER</c> holds where this is not set.
    /// </summary>
    public const string TelemetrySampleRatio = "Telemetry__SampleRatio";

    /// <summary>NVIDIA's management library, for GPU metrics; <c>libnvidia-ml.so.1</c> of the system unless set.</summary>
    public const string TelemetryNvmlPath = "Telemetry__NvmlPath";

    /// <summary>Largest request body in bytes that the Functions host takes; its own default is 104,857,600.</summary>
    public const string HostBodySizeLimit = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT";
}
