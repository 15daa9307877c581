using System.Security.Cryptography;
using System.Text;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Time.Testing;
using Serverless.Contracts.Configuration;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Async;
using Serverless.Gateway.Audit;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Batches;
using Serverless.Gateway.Batches.Maintenance;
using Serverless.Gateway.Batches.Running;
using Serverless.Gateway.Batches.Validation;
using Serverless.Gateway.Console;
using Serverless.Gateway.Costs;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.Holding;
using Serverless.Gateway.Http;
using Serverless.Gateway.Jobs;
using Serverless.Gateway.Prewarm;
using Serverless.Gateway.Queues;
using Serverless.Gateway.RateLimits;
using Serverless.Gateway.Telemetry;
using Serverless.Gateway.Tenants;
using Serverless.Gateway.Warming;
using Serverless.Gateway.Webhooks;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;
using Serverless.TestKit.Identity;

namespace Serverless.Gateway.Tests.Jobs;

/// <summary>
/// Files and batches on Kestrel over a real Azurite and a real Service Bus emulator. The Functions host's queue triggers are pumped by hand,
/// so that a test decides what is delivered when.
/// </summary>
public sealed class JobsFixture : IAsyncLifetime
{
    public const string Model = "small";
    public const string WebhookSecret = "a secret of the tests";

    /// <summary>A tenant with a queue of its own.</summary>
    public const string QueueTenant = "queued";

    /// <summary>A key whose batches count three times.</summary>
    public const string HeavyKey = "walter";

    /// <summary>Whom tokens of <see cref="Issuer"/> are for.</summary>
    public const string Audience = "api://inference";

    private readonly AzuriteFixture _azurite = new();
    private readonly ServiceBusFixture _serviceBus = new();
    private ScriptedWorker? _worker;
    private TestIssuer? _issuer;
    private WebApplication? _app;

    internal FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    internal IServiceProvider Services => _app!.Services;

    internal JobStorage Storage => Get<JobStorage>();

    internal BatchTable Batches => Get<BatchTable>();

    internal ScriptedWorker Worker => _worker!;

    internal TestIssuer Issuer => _issuer!;

    internal ServiceBusClient ServiceBus => Get<ServiceBusClient>();

    internal string StorageConnectionString => _azurite.ConnectionString;

    public Uri Url => new(_app!.Urls.First());

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(_azurite.InitializeAsync().AsTask(), _serviceBus.InitializeAsync().AsTask());
        _worker = await ScriptedWorker.StartAsync(200, "{}");
        _issuer = await TestIssuer.StartAsync();
        _app = await StartGatewayAsync();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("model.onnx"), "not a graph; nothing here runs it");
        await new ModelPublisher(Get<IModelStore>()).PublishAsync(new PackageDraft(Model, folder.File("model.onnx")));
        await Storage.ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        if (_worker is not null)
            await _worker.DisposeAsync();
        if (_issuer is not null)
            await _issuer.DisposeAsync();
        await _serviceBus.DisposeAsync();
        await _azurite.DisposeAsync();
    }

    internal T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public HttpClient CreateClient(string key = "alice")
    {
        var client = new HttpClient { BaseAddress = Url };
        client.DefaultRequestHeaders.Add("api-key", key);
        return client;
    }

    /// <summary>Delivers what lies in a queue now (not what is hidden); every message is handled and deleted.</summary>
    internal async Task<int> PumpAsync(string queue, Func<string, Task> handle)
    {
        var client = Storage.Queue(queue);
        for (var handled = 0; ;)
        {
            QueueMessage[] messages = await client.ReceiveMessagesAsync(32);
            if (messages.Length == 0)
                return handled;
            foreach (var message in messages)
            {
                await handle(message.Body.ToString());
                await client.DeleteMessageAsync(message.MessageId, message.PopReceipt);
                handled++;
            }
        }
    }

    /// <summary>Validates what is to be validated and handles all events, until nothing moves.</summary>
    internal async Task PumpAsync()
    {
        while (await PumpAsync(QueueNames.BatchValidations, text => Get<BatchValidator>().ValidateAsync(text, default))
            + await PumpAsync(QueueNames.BatchEvents, text => HandleAsync(text)) > 0)
        {
        }
    }

    internal Task HandleAsync(string text) => new BatchFunctions(
        Storage, Get<BatchValidator>(), Get<FanIn>(), Get<OperationNotices>(), Get<WebhookDelivery>()).FanInAsync(text, default);

    internal Task<int> DeliverWebhooksAsync() =>
        PumpAsync(QueueNames.BatchWebhooks, text => Get<WebhookDelivery>().DeliverAsync(text, default));

    /// <summary>
    /// Sets what a unit of work costs; a line of the tests is about 1.2 units. By default few lines are cut into shards of two.
    /// </summary>
    internal Task SetRateAsync(double secondsPerUnit = 0.85) => Storage.RateTable.UpsertEntityAsync(new WorkRateRow
    {
        PartitionKey = WorkRates.Partition,
        RowKey = WorkRates.KeyOf(JobApi.Endpoint, Model),
        SecondsPerUnit = secondsPerUnit,
    });

    internal Task MaintainAsync() => Get<JobMaintenance>().RunAsync(default);

    /// <summary>Starts a gateway over the same storage, with further settings such as <c>--Name=value</c>.</summary>
    internal async Task<WebApplication> StartGatewayAsync(params string[] settings)
    {
        var app = Build(settings);
        await app.StartAsync();
        return app;
    }

    private WebApplication Build(string[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [Settings.Storage] = _azurite.ConnectionString,
            [Settings.ServiceBus] = _serviceBus.Ports.ConnectionString,
            ["Gateway:WorkerUrl"] = _worker!.Url.ToString(),
            ["Gateway:ApiKeys:0:Name"] = "alice",
            ["Gateway:ApiKeys:0:Sha256"] = HashOf("alice"),
            ["Gateway:ApiKeys:0:WebhookSecret"] = WebhookSecret,
            ["Gateway:ApiKeys:1:Name"] = "bob/2",
            ["Gateway:ApiKeys:1:Sha256"] = HashOf("bob"),
            ["Gateway:ApiKeys:2:Name"] = "olga",
            ["Gateway:ApiKeys:2:Sha256"] = HashOf("olga"),
            ["Gateway:ApiKeys:2:Operator"] = "true",
            ["Gateway:ApiKeys:3:Name"] = HeavyKey,
            ["Gateway:ApiKeys:3:Sha256"] = HashOf(HeavyKey),
            ["Gateway:ApiKeys:3:Weight"] = "3",
            ["Queues:Tenants:0"] = QueueTenant,
            ["Gateway:Entra:Authority"] = _issuer!.Url,
            ["Gateway:Entra:Audience"] = Audience,
            ["Jobs:AllowPrivateWebhooks"] = "true",
            ["Jobs:LakeContainer"] = "lake",
            ["Jobs:ReleasedShards"] = "64",
        }).AddCommandLine(settings);
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddApiKeys().AddAudit().AddRateLimits().AddTenants().AddForwarding().AddHolding().AddWarming().AddPrewarm().AddQueuedRequests(builder.Configuration).AddJobs(builder.Configuration).AddAsync();
        builder.Services.AddGatewayHttp().AddCosts().AddConsole();
        builder.AddGatewayTelemetry();
        var app = builder.Build();
        GatewayFunctions.Map(app);
        return app;
    }

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
