using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Serverless.Worker.Transport;

namespace Serverless.Worker.Tests.Transport;

/// <summary>Kestrel over the worker's own transport, with one answer for all paths.</summary>
internal sealed class PolledServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PolledServer(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());

    public static async Task<PolledServer> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Services.AddSingleton<IConnectionListenerFactory, PollingTransport>();
        var app = builder.Build();
        app.UseMiddleware<LongRequests>();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new PolledServer(app);
    }

    public async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(Url.Host, Url.Port, TestContext.Current.CancellationToken);
        return client;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
