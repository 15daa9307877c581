namespace Serverless.Contracts.Http;

/// <summary>HTTP headers of inference requests.</summary>
public static class InferenceHeaders
{
    /// <summary>How long the caller waits for the answer, in seconds; a decimal number above 0.</summary>
    public const string Timeout = "X-Request-Timeout";

    /// <summary><c>interactive</c> (unless set) or <c>batch</c>: work that goes when nobody waits for an answer.</summary>
    public const string Priority = "X-Inference-Priority";

    /// <summary>
    /// On whose behalf a request runs: the name of the API key, which the gateway sets in place of whatever a caller sent. Tenants share a
    /// model fairly.
    /// </summary>
    public const string Tenant = "X-Inference-Tenant";

    /// <summary>
    /// How many requests of the tenant a worker may have at hand at a time. Like <see cref="Tenant"/> the gateway's word alone, beside a token of
    /// its identity; a token that it signs itself says both.
    /// </summary>
    public const string MaxRequests = "X-Inference-Max-Requests";

    /// <summary>
    /// What says which requests belong together, in up to 128 characters: those of one tenant with the same are answered by the same version of
    /// an alias whose traffic is split. Without it each request is on its own.
    /// </summary>
    public const string RoutingKey = "X-Inference-Routing-Key";

    /// <summary>On an answer of a model that was named without a version: the version that answered.</summary>
    public const string Version = "X-Inference-Version";

    /// <summary>
    /// On the answer of a worker that is being stopped and did not begin with the request: another one may have it.
    /// </summary>
    public const string Refused = "X-Inference-Refused";

    /// <summary>
    /// On an answer: what the request's own share of device time cost, a decimal number. On a request, with the value <c>include</c>: the
    /// answer's <c>usage</c> shall tell it as <c>cost</c>.
    /// </summary>
    public const string Cost = "X-Inference-Cost";

    /// <summary>
    /// On a request, with the value <see cref="Include"/>: the answer shall tell what the request took. On the answer: how many tokens, read
    /// and written, or rows where it is tensors; a stream tells it at its end, see <see cref="UsageComment"/>.
    /// </summary>
    public const string Usage = "X-Inference-Usage";

    /// <summary>The value with which <see cref="Usage"/> and <see cref="Cost"/> are asked for.</summary>
    public const string Include = "include";

    /// <summary>On answers to a tenant that has spent most of a budget: the part of it that is spent, such as <c>0.83</c>.</summary>
    public const string BudgetUsed = "X-Budget-Used";
}
