using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Webhooks;

/// <summary>
/// The HTTP client of webhooks. It connects to the very address that was checked, so a name that resolves differently a moment later gains
/// nothing; it follows no redirect and uses no proxy.
/// </summary>
internal sealed class WebhookClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly bool _allowPrivate;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly HttpClient _client;

    public WebhookClient(IOptions<JobOptions> options)
        : this(options, Dns.GetHostAddressesAsync)
    {
    }

    /// <param name="options">Whether addresses that are not public are allowed.</param>
    /// <param name="resolve">Finds the addresses of a host.</param>
    internal WebhookClient(IOptions<JobOptions> options, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        (_allowPrivate, _resolve) = (options.Value.AllowPrivateWebhooks, resolve);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectCallback = ConnectAsync,
            // No span, which would have the path: where a webhook is often all that keeps it secret.
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            MaxResponseHeadersLength = 16,
        })
        {
            Timeout = Limit,
        };
    }

    /// <summary>Sends, and reads no more than the status.</summary>
    /// <exception cref="HttpRequestException">It could not be sent, or its address is not a public one.</exception>
    public async Task<HttpStatusCode> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.StatusCode;
    }

    public void Dispose() => _client.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await _resolve(context.DnsEndPoint.Host, cancellationToken);
        if (addresses.Length == 0 || (!_allowPrivate && !addresses.All(PublicAddress.IsPublic)))
            throw new HttpRequestException("The webhook's host has an address that is not public.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
