using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Serverless.Gateway.Forwarding;

/// <summary>The connections to the worker, shared by forwarded and queued requests.</summary>
internal sealed class WorkerClient : IDisposable
{
    public WorkerClient(IOptions<ForwardingOptions> options)
    {
        BaseUrl = options.Value.WorkerUrl!.ToString().TrimEnd('/');
        Invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            EnableMultipleHttp2Connections = true,
            ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),

            // A worker on the same network answers a connection attempt at once or not at all.
            ConnectTimeout = TimeSpan.FromSeconds(10),
        });
    }

    /// <summary>The worker's base URL, without a slash at its end.</summary>
    public string BaseUrl { get; }

    public HttpMessageInvoker Invoker { get; }

    public void Dispose() => Invoker.Dispose();
}
