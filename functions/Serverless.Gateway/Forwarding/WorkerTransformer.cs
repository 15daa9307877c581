using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Http;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Forwarding.Access;
using Yarp.ReverseProxy.Forwarder;

namespace Serverless.Gateway.Forwarding;

/// <summary>
/// Passes requests on as they came, without what is meant for the gateway alone and with what tells the worker that it is the gateway.
/// </summary>
internal sealed class WorkerTransformer(WorkerAccess access) : HttpTransformer
{
    private static readonly string[] Private =
    [
        "Authorization", ApiKeyAuthenticator.ApiKeyHeader, "Cookie", "x-functions-key", "x-ms-invocation-id",
    ];

    public override async ValueTask TransformRequestAsync(
        HttpContext context, HttpRequestMessage request, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(context, request, destinationPrefix, cancellationToken);
        foreach (var header in Private)
            request.Headers.Remove(header);
        await access.AuthorizeAsync(request, context.Request.Headers[InferenceHeaders.Tenant]);
        request.Headers.Host = null;
    }
}
