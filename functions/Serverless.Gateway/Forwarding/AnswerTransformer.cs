using Microsoft.AspNetCore.Http;
using Serverless.Gateway.Holding;
using Yarp.ReverseProxy.Forwarder;

namespace Serverless.Gateway.Forwarding;

/// <summary>
/// Looks at the beginning of an answer. One of the ingress is kept from the client: it is a loss of the request, not an answer to it. One
/// for each sending.
/// </summary>
internal sealed class AnswerTransformer(
    WorkerTransformer transformer, ForwardedRequest request, ReplicaState state, CancellationTokenSource patience) : HttpTransformer
{
    /// <summary>What became of the request, if the ingress answered it.</summary>
    public Loss? Loss { get; private set; }

    public override ValueTask TransformRequestAsync(
        HttpContext context, HttpRequestMessage message, string destinationPrefix, CancellationToken cancellationToken) =>
        transformer.TransformRequestAsync(context, message, destinationPrefix, cancellationToken);

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext context, HttpResponseMessage? response, CancellationToken cancellationToken)
    {
        if (response is null)
            return await base.TransformResponseAsync(context, response, cancellationToken);
        if (IngressAnswer.Is(response))
        {
            Loss = new Loss(Loss.Ingress);
            return false;
        }

        state.Answered();
        patience.CancelAfter(Timeout.InfiniteTimeSpan);
        var copies = await base.TransformResponseAsync(context, response, cancellationToken);
        ServerTiming.Prepend(context.Response, request.Timing);
        ToldUsage.Settle(request.Charge, response);
        return copies;
    }
}
