using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Serverless.FunctionsHost.Tests.Running;

namespace Serverless.FunctionsHost.Tests.Lifetime;

[Collection(HostCollection.Name)]
public sealed class TelemetryTests(HostFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_WithOtlpEndpoint_ExportsTracesMetricsAndLogs()
    {
        var received = new ConcurrentDictionary<string, byte[]>();
        await using var collector = await StartCollectorAsync(received);
        await using (var host = await HostUnderTest.StartAsync(
            ("AzureWebJobsStorage", fixture.StorageConnection),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.Single()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_SERVICE_NAME", "app-name")))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v9/echo/traced");
            request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            using var response = await host.Client.SendAsync(request, Token);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        // What is left is sent when the host stops.
        var traces = received["/v1/traces"];
        AssertHas(traces, "functions-host");
        Assert.True(traces.AsSpan().IndexOf(Convert.FromHexString("0af7651916cd43dd8448eb211c80319c")) >= 0);
        AssertHas(received["/v1/metrics"], "serverless.functions.invocation.duration");
        AssertHas(received["/v1/logs"], "is ready with");
    }

    private static void AssertHas(byte[] message, string text) =>
        Assert.Contains(text, Encoding.Latin1.GetString(message), StringComparison.Ordinal);

    private static async Task<WebApplication> StartCollectorAsync(ConcurrentDictionary<string, byte[]> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            received.AddOrUpdate(context.Request.Path, body.ToArray(), (_, earlier) => [.. earlier, .. body.ToArray()]);
        });
        await app.StartAsync(Token);
        return app;
    }
}
