using Yarp.ReverseProxy.Forwarder;

namespace Serverless.ContainerHost.Ingress;

/// <summary>Changes nothing; notes that the answer has begun.</summary>
internal sealed class IngressTransformer(ResponseDeadline deadline) : HttpTransformer
{
    public override ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is not null)
            deadline.Lift();
        return base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
    }
}
