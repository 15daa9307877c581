using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Serverless.Gateway.Tests;

/// <summary>A worker's address over real HTTP that answers as a test says: a real worker cannot be made to fail on demand.</summary>
internal sealed class ScriptedWorker : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedWorker(WebApplication app) => _app = app;

    public ConcurrentQueue<string> Bodies { get; } = new();

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<ScriptedWorker> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return new ScriptedWorker(app);
    }

    /// <summary>A worker that keeps each body and gives one answer to all.</summary>
    public static async Task<ScriptedWorker> StartAsync(int status, string json)
    {
        ScriptedWorker? worker = null;
        worker = await StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            worker!.Bodies.Enqueue($"{context.Request.Path} {await reader.ReadToEndAsync()}");
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(json);
        });
        return worker;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
