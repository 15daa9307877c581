using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Serverless.ServiceBusEmulator.Administration;

/// <summary>Kestrel with one handler: no routing, for an entity's path is the whole URL.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    // An entity description is a few KiB.
    private const long MaxBodyBytes = 1024 * 1024;

    private WebApplication? _application;
    private volatile AdministrationApi? _api;

    public int Port { get; private set; }

    public async Task StartAsync(string address, int port, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Parse(address), port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        _application = builder.Build();
        _application.Run(HandleAsync);
        await _application.StartAsync(cancellationToken);
        var bound = _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Port = new Uri(bound).Port;
    }

    /// <summary>From now on requests are answered; before, they are told to come back.</summary>
    public void Serve(AdministrationApi api) => _api = api;

    private Task HandleAsync(HttpContext context)
    {
        if (_api is { } api)
            return api.HandleAsync(context);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
            await _application.DisposeAsync();
    }
}
