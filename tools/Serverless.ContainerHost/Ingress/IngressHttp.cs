using System.Net;
using System.Text;

namespace Serverless.ContainerHost.Ingress;

/// <summary>The ingress's way to a replica.</summary>
internal static class IngressHttp
{
    public static HttpMessageInvoker CreateInvoker() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),

        // Below Kestrel's keep-alive of 130 s, so that a connection is not reused while the replica closes it.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),

        // No trace headers of its own, and bytes of headers as they came.
        ActivityHeadersPropagator = null,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
    });
}
