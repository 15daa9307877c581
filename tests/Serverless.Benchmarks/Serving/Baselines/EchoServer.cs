using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Serverless.Benchmarks.Serving.Baselines;

/// <summary>
/// What HTTP itself costs: Kestrel without routing or anything else reads the body and answers as many bytes as the path says
/// (<c>/1234</c>).
/// </summary>
internal static class EchoServer
{
    private static readonly byte[] Answer = new byte[4 << 20];

    public static async Task RunAsync(string url, CancellationToken cancellationToken)
    {
        Answer.AsSpan().Fill((byte)'0');
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
        });
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Run(EchoAsync);
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        ReadResult read;
        do
        {
            read = await body.ReadAsync();
            body.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);

        _ = int.TryParse(context.Request.Path.Value.AsSpan(1), CultureInfo.InvariantCulture, out var size);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = size;
        await context.Response.BodyWriter.WriteAsync(Answer.AsMemory(0, size));
    }
}
