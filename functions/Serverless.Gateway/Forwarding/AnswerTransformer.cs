using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Serverless.Gateway.Forwarding;

/// <summary>Keeps an ingress's answer from the client: it is a loss of the request, not an answer to it. One for each sending.</summary>
internal sealed class AnswerTransformer : HttpTransformer
{
    /// <summary>What became of the request, if the ingress answered it.</summary>
    public Loss? Loss { get; private set; }

    public override ValueTask TransformRequestAsync(
        HttpContext context, HttpRequestMessage request, string destinationPrefix, CancellationToken cancellationToken) =>
        WorkerTransformer.Instance.TransformRequestAsync(context, request, destinationPrefix, cancellationToken);

    public override ValueTask<bool> TransformResponseAsync(HttpContext context, HttpResponseMessage? response, CancellationToken cancellationToken)
    {
        if (response is null || !IngressAnswer.Is(response))
            return base.TransformResponseAsync(context, response, cancellationToken);
        Loss = new Loss(Loss.Ingress);
        return ValueTask.FromResult(false);
    }
}
