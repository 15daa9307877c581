using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;

namespace Serverless.Worker.Tests.Jobs;

/// <summary>A real Azurite and a real Service Bus emulator, and a folder of models for every worker.</summary>
public sealed class JobFixture : IAsyncLifetime
{
    /// <summary><c>y = start + count</c>, counted one by one: a run takes as long as it is asked to.</summary>
    public const string Slow = "slow";

    private static readonly TimeSpan Lock = TimeSpan.FromSeconds(5);

    private readonly AzuriteFixture _azurite = new();
    private readonly ServiceBusFixture _bus = new();
    private readonly TemporaryFolder _folder = new();

    public string Storage => _azurite.ConnectionString;

    public string Bus => _bus.Ports.ConnectionString;

    public string Models => _folder.File("store");

    internal ServiceBusClient Client { get; private set; } = null!;

    /// <summary>A worker that consumes nothing by itself.</summary>
    internal RunningWorker Worker { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(_azurite.InitializeAsync().AsTask(), _bus.InitializeAsync().AsTask());
        Client = new ServiceBusClient(Bus);
        using var prepared = await GraphPreparation.RunAsync(
            OnnxGraphs.Slow().WriteTo(_folder.File("slow.onnx")), new PreparationOptions { MaxBatch = 1 }, null, CancellationToken.None);
        await new ModelPublisher(ModelStores.InFolder(Models)).PublishAsync(prepared.ToDraft(Slow, []));
        Worker = await StartWorkerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Worker is not null)
            await Worker.DisposeAsync();
        if (Client is not null)
            await Client.DisposeAsync();
        await _bus.DisposeAsync();
        await _azurite.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A queue of its own for a pool, with the shortest lock there is.</summary>
    public async Task CreateQueueAsync(string name) =>
        await new ServiceBusAdministrationClient(_bus.Ports.AdminConnectionString).CreateQueueAsync(new CreateQueueOptions(name)
        {
            LockDuration = Lock,
            MaxDeliveryCount = 5,
            RequiresDuplicateDetection = true,
        });

    /// <summary>Has Service Bus stand still for longer than the queues' locks last.</summary>
    public Task LoseLocksAsync(CancellationToken cancellationToken) => _bus.PauseAsync(Lock + TimeSpan.FromSeconds(2), cancellationToken);

    internal Task<RunningWorker> StartConsumerAsync(string pool) => StartWorkerAsync(
        $"--ServiceBus={Bus}", $"--Jobs:Pool={pool}", "--Jobs:SegmentInterval=00:00:00.2", "--Jobs:LinesInFlight=4");

    internal Task<RunningWorker> StartWorkerAsync(params string[] settings) =>
        RunningWorker.StartAsync([$"--Worker:ModelStore={Models}", $"--Storage={Storage}", .. settings]);
}
