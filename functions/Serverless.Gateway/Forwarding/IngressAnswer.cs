using System.Net;
using Serverless.Contracts.Http;

namespace Serverless.Gateway.Forwarding;

/// <summary>
/// Tells the answers of an ingress without a replica from those of a worker. A worker's errors are JSON, whatever their status; an ingress
/// says 502, 503 or 504 in plain text, in HTML or with nothing. A worker that is being stopped and says so did not begin with the request: it
/// is as good as none.
/// </summary>
internal static class IngressAnswer
{
    public static bool Is(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
        && (response.Content.Headers.ContentType?.MediaType != "application/json" || response.Headers.Contains(InferenceHeaders.Refused));
}
