using System.Net.Http.Headers;
using System.Text;
using Azure.Storage.Blobs;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;
using Serverless.Topology.Containers;
using Serverless.Topology.Platform;

namespace Serverless.EndToEnd.Tests.Scaling;

/// <summary>
/// The whole platform with the worker behind the container host. Three replicas at most, for they share the cores of this machine; the rules'
/// clocks run sixty times as fast.
/// </summary>
public sealed class ScalingFixture : IAsyncLifetime
{
    public const int MaxReplicas = 3;

    /// <summary>Runs as long as its input says.</summary>
    public const string Slow = "slow";

    /// <summary>Writes for seconds.</summary>
    public const string Writer = "writer";

    private readonly TemporaryFolder _folder = new();
    private LocalPlatform? _platform;

    public LocalPlatform Platform => _platform!;

    public async ValueTask InitializeAsync()
    {
        var options = PlatformOptions.Isolated(_folder.Path) with
        {
            Replicas = new WorkerReplicas { Max = MaxReplicas, Speed = 60 },
            WorkerSettings = new Dictionary<string, string> { ["Jobs__SegmentInterval"] = "00:00:00.5" },
        };
        _platform = await LocalPlatform.StartAsync(options);
        var publisher = new ModelPublisher(ModelStores.InBlobStorage(new BlobServiceClient(Platform.StorageConnectionString)));
        await TestModels.PushScaleAsync(publisher, TestModels.Small, 2);
        await TestModels.PushAsync(publisher, Slow, OnnxGraphs.Slow());
        await TestModels.PushDecoderAsync(publisher, Writer, TestModels.LongWinded);
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
        var client = new HttpClient { BaseAddress = Platform.ApiUrl, Timeout = TimeSpan.FromSeconds(100) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Platform.Options.ApiKey);
        return client;
    }

    /// <summary>What the container host says, once it says what is waited for.</summary>
    public Task<ContainerStatus> WaitAsync(Func<ContainerStatus, bool> condition, string what) => Wait.ForAsync(
        async () => await Platform.GetContainersAsync(TestContext.Current.CancellationToken) is { } status && condition(status) ? status : null,
        what);

    /// <summary>Waits until nothing runs.</summary>
    public Task<ContainerStatus> WaitForZeroAsync() => WaitAsync(status => status is { Running: 0, Desired: 0 }, "Scaling to zero");

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
