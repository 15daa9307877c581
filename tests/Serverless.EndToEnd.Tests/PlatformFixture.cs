using System.Net.Http.Headers;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Serverless.Contracts.Queues;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;
using Serverless.Topology.Platform;

namespace Serverless.EndToEnd.Tests;

/// <summary>The whole platform as real processes on free ports, with a small model and MiniLM in its store.</summary>
public sealed class PlatformFixture : IAsyncLifetime
{
    /// <summary>A tenant with a queue of its own.</summary>
    public const string QueueTenant = "acme";

    private readonly TemporaryFolder _folder = new();
    private LocalPlatform? _platform;

    public LocalPlatform Platform => _platform!;

    public BlobServiceClient Storage => new(Platform.StorageConnectionString);

    public IModelStore Store => ModelStores.InBlobStorage(Storage);

    public async ValueTask InitializeAsync()
    {
        _platform = await LocalPlatform.StartAsync(PlatformOptions.Isolated(_folder.Path) with
        {
            // So that a batch of seconds is seen to move.
            WorkerSettings = new Dictionary<string, string> { ["Jobs__SegmentInterval"] = "00:00:01" },
            GatewaySettings = new Dictionary<string, string> { ["Queues__Tenants__0"] = QueueTenant },
        });
        await TestModels.PushAsync(new ModelPublisher(Store));
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null)
            await _platform.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A client of the API with the development key.</summary>
    public HttpClient CreateClient()
    {
        var client = CreateStranger();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Platform.Options.ApiKey);
        return client;
    }

    /// <summary>A client of the API without a key.</summary>
    public HttpClient CreateStranger() => new() { BaseAddress = Platform.ApiUrl, Timeout = TimeSpan.FromSeconds(100) };

    public QueueClient OpenQueue(string name) =>
        new(Platform.StorageConnectionString, name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    public async Task SendAsync(string message, string queue = QueueNames.InferenceRequests) =>
        await OpenQueue(queue).SendMessageAsync(message, TestContext.Current.CancellationToken);
}
