namespace Serverless.Gateway.Forwarding;

/// <summary>A request that was lost on its way, or with its replica, before the first byte of an answer.</summary>
/// <param name="Reason">For metrics: <c>unreached</c>, <c>broken</c> or <c>ingress</c>.</param>
/// <param name="Cause">What was seen, if it was an exception.</param>
internal sealed record Loss(string Reason, Exception? Cause = null)
{
    /// <summary>Nobody took the connection: nothing was delivered.</summary>
    public const string Unreached = "unreached";

    /// <summary>The connection broke: a replica may have worked on it.</summary>
    public const string Broken = "broken";

    /// <summary>The ingress answered in place of a replica.</summary>
    public const string Ingress = "ingress";

    /// <summary>Whether a replica may have had it.</summary>
    public bool WasDelivered => Reason != Unreached;

    /// <summary>The loss that <paramref name="cause"/>, seen while a request was sent, stands for.</summary>
    public static Loss Of(Exception? cause) =>
        new(cause is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } ? Unreached : Broken, cause);
}
