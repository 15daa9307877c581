using System.Globalization;
using Azure.Data.Tables;
using Serverless.Gateway.Audit;
using Serverless.Gateway.Batches.Validation;
using Serverless.Gateway.Console;
using Serverless.Gateway.Costs;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.Holding;
using Serverless.Gateway.Http;
using Serverless.Gateway.Prewarm;
using Serverless.Gateway.RateLimits;
using Serverless.Gateway.Telemetry;
using Serverless.Gateway.Tenants;
using Serverless.Gateway.Tests.Authentication;
using Serverless.Gateway.Warming;
using Serverless.Models.Catalog;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;

namespace Serverless.Gateway.Tests.Forwarding;

/// <summary>The gateway's pipeline on Kestrel, before a scripted worker. Its store has one model.</summary>
internal sealed class GatewayFixture : IAsyncDisposable
{
    public const long MaxBodyBytes = 1 << 20;
    public const int ReplayBytes = 256 << 10;
    public const string Model = "m";

    private static readonly Lazy<Task<string>> Store = new(PublishAsync);

    private readonly WebApplication _app;

    private GatewayFixture(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());

    /// <param name="worker">Where the worker is.</param>
    /// <param name="time">The gateway's time; the real one unless given.</param>
    /// <param name="settings">Settings of <c>Gateway:Holding</c>, or with a colon of <c>Gateway</c>.</param>
    public static async Task<GatewayFixture> StartAsync(Uri worker, TimeProvider? time = null, params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Gateway:WorkerUrl"] = worker.ToString(),
            ["Gateway:MaxBodyBytes"] = MaxBodyBytes.ToString(CultureInfo.InvariantCulture),
            ["Gateway:ReplayBytes"] = ReplayBytes.ToString(CultureInfo.InvariantCulture),
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(
            pair.Name.Contains(':', StringComparison.Ordinal) ? $"Gateway:{pair.Name}" : $"Gateway:Holding:{pair.Name}", (string?)pair.Value)));
        builder.Services.AddSingleton(time ?? TimeProvider.System).AddSingleton<IStartupFilter, SecurityHeaders>();
        builder.Services.AddForwarding().AddHolding().AddWarming().AddConsole().AddSingleton<GatewayPipeline>().AddSingleton<GatewayMetrics>();
        builder.Services.AddSingleton(new TableServiceClient("UseDevelopmentStorage=true")).AddCosts();
        builder.Services.Configure<PrewarmOptions>(_ => { }).AddSingleton<ArrivalCounter>();
        builder.Services.AddSingleton(ModelStores.InFolder(await Store.Value)).AddSingleton<ModelCatalog>().AddSingleton<IModelCheck, StoreModelCheck>();
        builder.Services.AddSingleton(ApiKeyAuthenticatorTests.NoTables()).AddAudit().AddRateLimits().AddTenants();
        builder.Services.AddSingleton(ApiKeyAuthenticatorTests.Create(("test", "key", false), ("other", "other", false), ("operator", "master", true)));
        var app = builder.Build();
        app.Run(context =>
        {
            var pipeline = context.RequestServices.GetRequiredService<GatewayPipeline>();
            if (context.Request.Path.StartsWithSegments("/console"))
                return new ConsoleFunctions(pipeline, context.RequestServices.GetRequiredService<ConsoleEndpoints>()).ConsoleAsync(context.Request);
            return context.Request.Path == "/v1/warm"
                ? pipeline.ForOperatorAsync(context, () => context.RequestServices.GetRequiredService<WarmEndpoint>().HandleAsync(context))
                : pipeline.ForwardAsync(context);
        });
        await app.StartAsync();
        return new GatewayFixture(app);
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public HttpClient CreateClient(string key = "key")
    {
        var client = new HttpClient { BaseAddress = Url };
        client.DefaultRequestHeaders.Add("api-key", key);
        return client;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<string> PublishAsync()
    {
        var folder = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        await File.WriteAllTextAsync(folder.File("model.onnx"), "not a graph; nothing here runs it");
        var store = folder.File("store");
        await new ModelPublisher(ModelStores.InFolder(store)).PublishAsync(new PackageDraft(Model, folder.File("model.onnx")));
        return store;
    }
}
