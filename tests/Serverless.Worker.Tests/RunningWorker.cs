using System.Text;
using System.Text.Json;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;
using Serverless.Worker.Draining;
using Serverless.Worker.Starting;

namespace Serverless.Worker.Tests;

/// <summary>The real worker on free ports, in this process, over a store in a folder.</summary>
internal sealed class RunningWorker : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly WebApplication _app;

    private RunningWorker(TemporaryFolder folder, WebApplication app)
    {
        _folder = folder;
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(60) };
    }

    public HttpClient Client { get; }

    public Uri GrpcUrl => new(_app.Urls.ElementAt(1));

    public Uri MetricsUrl => new(_app.Urls.ElementAt(2) + "/metrics");

    public IEnumerable<RouteEndpoint> Routes =>
        _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<HttpMethodMetadata>() is not null);

    public IModelStore Store => _app.Services.GetRequiredService<IModelStore>();

    public Drain Drain => _app.Services.GetRequiredService<Drain>();

    public IServiceProvider Services => _app.Services;

    public string StoreFolder => _folder.File("store");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<RunningWorker> StartAsync(params string[] settings)
    {
        var folder = new TemporaryFolder();
        var app = WorkerApplication.Build(
        [
            "--Worker:Url=http://127.0.0.1:0", "--Worker:GrpcUrl=http://127.0.0.1:0", "--Worker:MetricsUrl=http://127.0.0.1:0",
            $"--Worker:ModelStore={folder.File("store")}",
            "--Logging:LogLevel:Default=None", .. settings,
        ], ProcessStart.Now());
        try
        {
            await app.StartAsync(CancellationToken.None);
        }
        catch
        {
            await app.DisposeAsync();
            folder.Dispose();
            throw;
        }

        return new RunningWorker(folder, app);
    }

    public Task PushAsync(string name, OnnxGraph graph) =>
        PushAsync(name, null, graph.WriteTo(_folder.File("model.onnx")));

    public async Task PushAsync(string name, string? task, string graph, params string[] others)
    {
        // What is proved at a push has tests of its own.
        using var prepared = await GraphPreparation.RunAsync(graph, new PreparationOptions { Task = task, MaxBatch = 1 }, null, Token);
        await new ModelPublisher(Store).PublishAsync(prepared.ToDraft(name, others) with { Task = task }, cancellationToken: Token);
    }

    /// <summary>Sends JSON, and gives back the status and the answer's JSON.</summary>
    public async Task<(HttpResponseMessage Response, JsonElement Body)> PostAsync(string path, string json)
    {
        var response = await Client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), Token);
        return (response, await ReadAsync(response));
    }

    public async Task<(HttpResponseMessage Response, JsonElement Body)> GetAsync(string path)
    {
        var response = await Client.GetAsync(path, Token);
        return (response, await ReadAsync(response));
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>Stops it as SIGTERM does.</summary>
    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
