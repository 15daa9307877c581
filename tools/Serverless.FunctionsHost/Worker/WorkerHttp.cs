using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Yarp.ReverseProxy.Forwarder;

namespace Serverless.FunctionsHost.Worker;

/// <summary>The HTTP side of a worker.</summary>
internal static class WorkerHttp
{
    private static readonly TimeSpan ProbePause = TimeSpan.FromMilliseconds(20);

    public static HttpMessageInvoker CreateInvoker() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),

        // Below Kestrel's keep-alive of 130 s, so that a connection is not reused while the worker closes it.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
        ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
    });

    /// <summary>A worker announces its address before its web server listens there.</summary>
    public static async Task WaitUntilListeningAsync(Uri address, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(address.Host, address.Port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(ProbePause, time, cancellationToken);
            }
        }
    }
}
