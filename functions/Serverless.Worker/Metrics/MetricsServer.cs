using Microsoft.Extensions.Options;
using Serverless.Telemetry.Prometheus;
using Serverless.Worker.Configuration;

namespace Serverless.Worker.Metrics;

/// <summary>Serves <c>/metrics</c> on a listener of its own, out of reach of whoever may call the models.</summary>
internal sealed class MetricsServer(PrometheusExporter exporter, IOptions<WorkerOptions> options) : IHostedService, IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary>The address in use, once started.</summary>
    public string? Address => _app?.Urls.FirstOrDefault();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(options.Value.MetricsUrl);
        builder.Services.AddRoutingCore();
        _app = builder.Build();
        _app.MapGet("/metrics", (HttpRequest request) =>
        {
            var (text, type) = exporter.Export(request.Headers.Accept.ToString());
            return Results.Text(text, type);
        });
        await _app.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;
}
