using Microsoft.AspNetCore.Http;
using Serverless.Gateway.Authentication;
using Yarp.ReverseProxy.Forwarder;

namespace Serverless.Gateway.Forwarding;

/// <summary>Passes requests on as they came, without what is meant for the gateway alone.</summary>
internal sealed class WorkerTransformer : HttpTransformer
{
    private static readonly string[] Private =
    [
        "Authorization", ApiKeyAuthenticator.ApiKeyHeader, "Cookie", "x-functions-key", "x-ms-invocation-id",
    ];

    public static WorkerTransformer Instance { get; } = new();

    public override async ValueTask TransformRequestAsync(
        HttpContext context, HttpRequestMessage request, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(context, request, destinationPrefix, cancellationToken);
        foreach (var header in Private)
            request.Headers.Remove(header);
        request.Headers.Host = null;
    }
}
