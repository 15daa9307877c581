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
    /// On the answer of a worker that is being stopped and did not begin with the request: another one may have it.
    /// </summary>
    public const string Refused = "X-Inference-Refused";
}
