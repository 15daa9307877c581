using System.Diagnostics;
using Serverless.Gateway.Telemetry;

namespace Serverless.Gateway.Tests.Telemetry;

public sealed class PublicSamplingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0", "01", "00")]
    [InlineData("1", "00", "01")]
    [InlineData("1", "01", "01")]
    public async Task Gateway_WithAStrangersTrace_KeepsItsIdAndDecidesByTheRatio(string ratio, string flags, string expected)
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        await using var app = await StartAsync(ratio);
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-b7ad6b7169203331-{flags}");

        var current = await client.GetStringAsync(app.Urls.First(), Token);

        // What would be sent to the worker.
        Assert.Matches($"^00-{trace}-[0-9a-f]{{16}}-{expected}$", current);
    }

    private static async Task<WebApplication> StartAsync(string ratio)
    {
        // Where nobody listens: what is decided does not wait for what is sent.
        var builder = WebApplication.CreateSlimBuilder([$"--Telemetry:SampleRatio={ratio}", "--OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1"]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddGatewayTelemetry();
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync(Activity.Current?.Id ?? "no trace"));
        await app.StartAsync(Token);
        return app;
    }
}
