using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Serverless.Contracts.Queues;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Aliases;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.SampleModels.Decoders;
using Serverless.TestKit;
using Serverless.TestKit.Jobs;
using Serverless.TestKit.Onnx;
using Serverless.Topology.Processes;

namespace Serverless.Infra.Tests.Containers;

/// <summary>Both apps as they are published, run as in their containers, over Azurite; Functions host and Service
/// Bus are the stand-ins, and so is a container host that keeps no replica.</summary>
public sealed class PublishedPlatform : IAsyncLifetime
{
    public const string Key = "the-operators-key";

    private const string PoorKey = "the-poor-tenants-key";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly AzuriteFixture _azurite = new();
    private readonly ServiceBusFixture _serviceBus = new();
    private int[] _ports = [];

    internal ServiceProcess Worker { get; private set; } = null!;

    internal ServiceProcess Host { get; private set; } = null!;

    internal ServiceProcess Containers { get; private set; } = null!;

    public string WorkerFolder => _folder.File("worker");

    public string GatewayFolder => _folder.File("gateway");

    public int MetricsPort => _ports[1];

    public int GatewayPort => _ports[2];

    public int ContainersPort => _ports[3];

    public string StorageConnectionString => _azurite.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The images are for Linux.");
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        var azurite = _azurite.InitializeAsync();
        var serviceBus = _serviceBus.InitializeAsync();
        await Publishing.RunAsync("Serverless.Worker", WorkerFolder);
        await Publishing.RunAsync("Serverless.Gateway", GatewayFolder);
        Publishing.MakeReadOnly(WorkerFolder);
        Publishing.MakeReadOnly(GatewayFolder);
        await azurite;
        await serviceBus;
        await PushAsync();
        // Not before: what takes most of a minute until here makes connections, which may come by the same ports.
        _ports = FreePorts.Pick(5);
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Containers is not null)
            await Containers.DisposeAsync();
        if (Host is not null)
            await Host.DisposeAsync();
        if (Worker is not null)
            await Worker.DisposeAsync();
        await _azurite.DisposeAsync();
        await _serviceBus.DisposeAsync();
        if (Directory.Exists(WorkerFolder) && Directory.Exists(GatewayFolder))
        {
            Publishing.MakeWritable(WorkerFolder);
            Publishing.MakeWritable(GatewayFolder);
        }

        _folder.Dispose();
    }

    private string WorkerUrl => $"http://127.0.0.1:{_ports[0]}";

    private (string Storage, string ServiceBus) Emulators => (StorageConnectionString, _serviceBus.Ports.ConnectionString);

    /// <summary>Asks the gateway for <c>2 · x</c>, and gives back the answer's text.</summary>
    public async Task<string> InferAsync()
    {
        var (status, text) = await AskAsync(Key, GatewayPort);
        Assert.True(status == HttpStatusCode.OK, text);
        return text;
    }

    /// <summary>Asks the same with the key of a tenant whose budget is spent.</summary>
    public async Task<HttpStatusCode> InferWithoutBudgetAsync() => (await AskAsync(PoorKey, GatewayPort)).Status;

    /// <summary>Asks a model that has another version in its shadow.</summary>
    public async Task InferShadowedAsync()
    {
        var (status, text) = await AskAsync(Key, GatewayPort, "shadowed:prod");
        Assert.True(status == HttpStatusCode.OK, text);
    }

    /// <summary>Asks the same of any gateway with any key.</summary>
    public static async Task<(HttpStatusCode Status, string Text)> AskAsync(string key, int port, string model = "small")
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var body = new StringContent(Request, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync($"/v2/models/{model}/infer", body);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Starts a gateway over the same storage and worker, ready when this returns.</summary>
    /// <param name="port">Where it listens.</param>
    /// <param name="settings">Settings beside the template's.</param>
    internal async Task<ServiceProcess> StartGatewayAsync(int port, IReadOnlyDictionary<string, string> settings)
    {
        var host = Tree.Repository.AssemblyOf("tools/Serverless.FunctionsHost");
        var gateway = $"http://127.0.0.1:{port}";
        var started = await ServiceProcess.StartAsync(new ServiceCommand(
            "functions", ContainerUser.Dotnet, [host, "--app", GatewayFolder, "--urls", gateway], Path.GetDirectoryName(host)!,
            ContainerSettings.Gateway(Emulators, WorkerUrl, Key)
                .Where(setting => setting.Key is not ("HOME" or "ASPNETCORE_URLS")).Concat(settings).ToDictionary(),
            new Uri($"{gateway}/health/ready")));
        await started.WaitUntilReadyAsync(StartLimit, CancellationToken.None);
        return started;
    }

    /// <summary>The hash of a key, as settings have it.</summary>
    internal static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Sends the same through the storage queue.</summary>
    public Task EnqueueAsync() =>
        new QueueClient(StorageConnectionString, QueueNames.InferenceRequests,
            new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 })
            .SendMessageAsync($$"""{"id":"published","model":"small","request":{{Request}}}""");

    /// <summary>Has a decoder of random weights write some tokens, twice: the second time the prompt is known.</summary>
    public async Task GenerateAsync()
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{GatewayPort}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        for (var i = 0; i < 2; i++)
        {
            using var body = new StringContent(Completion, Encoding.UTF8, "application/json");
            using var response = await client.PostAsync("/v1/completions", body);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        }
    }

    /// <summary>Runs a batch of one line to its end.</summary>
    public async Task RunBatchAsync()
    {
        var line = $$"""{"custom_id":"one","method":"POST","url":"/v2/models/small/infer","body":{{Request}}}""";
        using var client = new BatchClient(new Uri($"http://127.0.0.1:{GatewayPort}"), Key);
        var file = await client.UploadAsync(Encoding.UTF8.GetBytes(line + "\n"), CancellationToken.None);
        var batch = await client.CreateAsync(file, "/v2/models/small/infer", CancellationToken.None);
        var ended = await client.WaitAsync(batch, StartLimit, TimeSpan.FromSeconds(5), CancellationToken.None);
        Assert.Equal("completed", (string?)ended["status"]);
    }

    private const string Request = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1.5,2]}]}""";

    private const string Completion =
        """{"model":"writer","prompt":"In the beginning was the word, and the word was with","max_tokens":8,"ignore_eos":true}""";

    // Prices are the template's.
    private static readonly Dictionary<string, string> Costs = new() { ["Worker__Costs__Interval"] = "00:00:01" };

    // A tenant that may spend nothing.
    private static readonly Dictionary<string, string> Poor = new()
    {
        ["Gateway__ApiKeys__9__Name"] = "poor",
        ["Gateway__ApiKeys__9__Sha256"] = Hash(PoorKey),
        ["Gateway__Budgets__9__Tenant"] = "poor",
        ["Gateway__Budgets__9__Daily"] = "0",
    };

    private async Task PushAsync()
    {
        var graph = OnnxGraphs.Scale(2).WriteTo(_folder.File("model.onnx"));
        using var prepared = await GraphPreparation.RunAsync(graph, new PreparationOptions { MaxBatch = 1 }, null, CancellationToken.None);
        var store = ModelStores.InBlobStorage(new BlobServiceClient(StorageConnectionString));
        await new ModelPublisher(store).PublishAsync(prepared.ToDraft("small", []));
        for (var version = 1; version <= 2; version++)
            await new ModelPublisher(store).PublishAsync(prepared.ToDraft("shadowed", []));
        await store.SetAliasAsync("shadowed", "prod", 1, null, CancellationToken.None);
        await store.SetShadowAsync("shadowed", "prod", new AliasShadow(2, AliasShadow.MostShare), CancellationToken.None);
        using var decoder = await GraphPreparation.RunAsync(
            DecoderBuilder.WriteRandom(_folder.File("decoder"), DecoderShape.Tiny), new PreparationOptions(), null, CancellationToken.None);
        await new ModelPublisher(store).PublishAsync(decoder.ToDraft("writer", []));
    }

    private async Task StartAsync()
    {
        var settings = ContainerSettings.Worker(Emulators, _ports[0], MetricsPort,
            ContainerUser.Writable(_folder.File("cache"))).Concat(Costs).ToDictionary();
        Worker = await ServiceProcess.StartAsync(ContainerUser.Command(
            "worker", Path.Combine(WorkerFolder, "Serverless.Worker"), [], settings, new Uri($"{WorkerUrl}/v2/health/ready")));
        Containers = await ServiceProcess.StartAsync(IdleContainerHost.Command(_ports[4], ContainersPort, WorkerFolder));
        Host = await StartGatewayAsync(GatewayPort, Poor);
        await Worker.WaitUntilReadyAsync(StartLimit, CancellationToken.None);
        await Containers.WaitUntilReadyAsync(StartLimit, CancellationToken.None);
    }
}
