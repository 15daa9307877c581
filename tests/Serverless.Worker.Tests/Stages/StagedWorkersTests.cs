using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.SampleModels;
using Serverless.TestKit;
using Serverless.Topology.Processes;

namespace Serverless.Worker.Tests.Stages;

/// <summary>ResNet18 in two stages in two processes, as two machines would have them.</summary>
public sealed class StagedWorkersTests : IAsyncDisposable
{
    private const string Model = "resnet18";
    private const string Whole = "resnet18-whole";

    private readonly TemporaryFolder _folder = new();
    private readonly int[] _ports = FreePorts.Pick(4);
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(1) };
    private readonly List<ServiceProcess> _workers = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private TensorSignature _input = null!;

    [Fact]
    public async Task Infer_StagesInTwoProcesses_AnswersAsTheWholeAndComesBackAfterTheSecondWasKilled()
    {
        await PushAsync();
        var second = await StartAsync(worker: 1);
        await StartAsync(worker: 0, ("Worker__Stages__0__Name", StagedModel.Place), ("Worker__Stages__0__Url", Url(1)));
        var image = Image();

        var (status, answer) = await InferAsync(Model, image);
        var whole = await InferAsync(Whole, image);

        Assert.True(status == HttpStatusCode.OK, Encoding.UTF8.GetString(answer));
        Assert.Equal(HttpStatusCode.OK, whole.Status);
        var (found, wanted) = (Numbers(answer), Numbers(whole.Body));
        Assert.Equal(wanted.Length, found.Length);
        Assert.InRange(found.Zip(wanted, (one, other) => Math.Abs(one - other)).Max(), 0, 1e-5);
        Assert.Equal("resnet18.stage-2", Assert.Single(await LoadedAsync(worker: 1)));

        await second.KillAsync();
        var lost = await InferAsync(Model, image);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, lost.Status);
        Assert.Contains("The stage resnet18.stage-2:1 cannot be reached", Encoding.UTF8.GetString(lost.Body), StringComparison.Ordinal);

        await StartAsync(worker: 1);
        var again = await InferAsync(Model, image);

        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(found, Numbers(again.Body));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (var worker in _workers)
            await worker.DisposeAsync();
        _folder.Dispose();
    }

    private string Url(int worker) => $"http://127.0.0.1:{_ports[worker * 2]}";

    private async Task PushAsync()
    {
        var store = ModelStores.InFolder(_folder.File("store"));
        _input = Assert.Single((await StagedModel.PushAsync(store, Model, ResNet18.File)).Inputs);
        using var prepared = await GraphPreparation.RunAsync(ResNet18.File, new PreparationOptions { MaxBatch = 1 }, null, Token);
        await new ModelPublisher(store).PublishAsync(prepared.ToDraft(Whole, []), cancellationToken: Token);
    }

    private async Task<ServiceProcess> StartAsync(int worker, params (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>
        {
            ["Worker__Url"] = Url(worker),
            ["Worker__GrpcUrl"] = string.Empty,
            ["Worker__MetricsUrl"] = $"http://127.0.0.1:{_ports[(worker * 2) + 1]}",
            ["Worker__ModelStore"] = _folder.File("store"),
        };
        foreach (var (name, value) in settings)
            environment[name] = value;
        var program = Path.Combine(AppContext.BaseDirectory, "Serverless.Worker.dll");
        var process = await ServiceProcess.StartAsync(new ServiceCommand(
            $"worker {worker}", "dotnet", [program], _folder.Path, environment, new Uri($"{Url(worker)}/v2/health/ready")));
        _workers.Add(process);
        await process.WaitUntilReadyAsync(TimeSpan.FromSeconds(30), Token);
        return process;
    }

    private async Task<(HttpStatusCode Status, byte[] Body)> InferAsync(string model, byte[] image)
    {
        var json = $$$"""{"inputs":[{"name":"{{{_input.Name}}}","datatype":"FP32","shape":[1,3,224,224],"parameters":{"binary_data_size":602112}}],"parameters":{"binary_data_output":true}}""";
        using var content = new ByteArrayContent([.. Encoding.ASCII.GetBytes(json), .. image]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Url(0)}/v2/models/{model}/infer") { Content = content };
        request.Headers.Add("Inference-Header-Content-Length", $"{json.Length}");
        using var response = await _client.SendAsync(request, Token);
        var body = await response.Content.ReadAsByteArrayAsync(Token);
        var head = response.Headers.TryGetValues("Inference-Header-Content-Length", out var length)
            ? int.Parse(length.Single(), CultureInfo.InvariantCulture)
            : 0;
        return (response.StatusCode, body[head..]);
    }

    private async Task<IEnumerable<string>> LoadedAsync(int worker)
    {
        using var index = await _client.PostAsync(
            $"{Url(worker)}/v2/repository/index", new StringContent("""{"ready":true}""", Encoding.UTF8, "application/json"), Token);
        var models = await RunningWorker.ReadAsync(index);
        return [.. models.EnumerateArray().Select(model => model.GetProperty("name").GetString()!)];
    }

    private static byte[] Image()
    {
        var random = new Random(1);
        float[] pixels = [.. Enumerable.Range(0, 3 * 224 * 224).Select(_ => (random.NextSingle() * 2) - 1)];
        return MemoryMarshal.AsBytes(pixels.AsSpan()).ToArray();
    }

    private static float[] Numbers(byte[] data) => MemoryMarshal.Cast<byte, float>(data).ToArray();
}
