using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Serverless.Gateway.Tests;

/// <summary>
/// A worker's address, or that of the ingress before it, over real HTTP that answers as a test says: a real worker cannot be made to fail on
/// demand. The call that wakes it is answered apart.
/// </summary>
internal sealed class ScriptedWorker : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _wakeUps;

    private ScriptedWorker(WebApplication app) => _app = app;

    public ConcurrentQueue<string> Bodies { get; } = new();

    /// <summary>How often it was called to wake up.</summary>
    public int WakeUps => Volatile.Read(ref _wakeUps);

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <param name="answer">Answers requests.</param>
    /// <param name="wake">Answers calls to wake up; with 200 unless given.</param>
    /// <param name="port">Where it listens; anywhere unless given.</param>
    public static async Task<ScriptedWorker> StartAsync(RequestDelegate answer, RequestDelegate? wake = null, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        // In this process the gateway's telemetry would have its spans as well.
        builder.Services.AddSingleton(new ActivitySource(nameof(ScriptedWorker)));
        var app = builder.Build();
        var worker = new ScriptedWorker(app);
        app.Run(context =>
        {
            if (context.Request.Path != "/v2/health/live")
                return answer(context);
            Interlocked.Increment(ref worker._wakeUps);
            return wake?.Invoke(context) ?? Task.CompletedTask;
        });
        await app.StartAsync();
        return worker;
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
