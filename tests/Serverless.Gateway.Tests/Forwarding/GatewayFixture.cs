using Microsoft.Extensions.Options;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.Http;
using Serverless.Gateway.Telemetry;
using Serverless.Gateway.Tests.Authentication;

namespace Serverless.Gateway.Tests.Forwarding;

/// <summary>The gateway's pipeline on Kestrel, before a scripted worker.</summary>
internal sealed class GatewayFixture : IAsyncDisposable
{
    public const long MaxBodyBytes = 1 << 20;
    public const int ReplayBytes = 256 << 10;

    private readonly WebApplication _app;

    private GatewayFixture(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());

    public static async Task<GatewayFixture> StartAsync(Uri worker)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHttpForwarder();
        builder.Services.AddSingleton(Options.Create(new ForwardingOptions { WorkerUrl = worker, MaxBodyBytes = MaxBodyBytes, ReplayBytes = ReplayBytes }));
        builder.Services.AddSingleton<WorkerClient>().AddSingleton<PlainSender>().AddSingleton<ReplayMetrics>().AddSingleton<WorkerForwarder>().AddSingleton<GatewayPipeline>();
        builder.Services.AddSingleton<GatewayMetrics>().AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(ApiKeyAuthenticatorTests.Create(("test", "key", false), ("operator", "master", true)));
        var app = builder.Build();
        app.Run(context => context.RequestServices.GetRequiredService<GatewayPipeline>().ForwardAsync(context));
        await app.StartAsync();
        return new GatewayFixture(app);
    }

    public HttpClient CreateClient(string key = "key")
    {
        var client = new HttpClient { BaseAddress = Url };
        client.DefaultRequestHeaders.Add("api-key", key);
        return client;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
