using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;
using Serverless.Topology.Processes;

namespace Serverless.Worker.Tests.Http;

/// <summary>The worker as a process of its own, as it runs everywhere else.</summary>
public sealed class StopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_WhileAnswering_FinishesTheAnswerAndExitsCleanly()
    {
        await PushAsync();
        var ports = FreePorts.Pick(2);
        await using var worker = await StartAsync(ports);
        await worker.WaitUntilReadyAsync(TimeSpan.FromSeconds(30), Token);
        const string Body = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";
        using var connection = new TcpClient();
        await connection.ConnectAsync("127.0.0.1", ports[0], Token);
        await using var stream = connection.GetStream();

        // The request is in the worker once it answers "continue": then it is told to stop, and only then has the request all its body.
        await WriteAsync(stream, string.Join(
            "\r\n",
            "POST /v2/models/m/infer HTTP/1.1",
            "Host: w",
            "Content-Type: application/json",
            string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}"),
            "Expect: 100-continue",
            "",
            ""));
        Assert.StartsWith("HTTP/1.1 100", await ReadAsync(stream), StringComparison.Ordinal);
        var stopping = worker.DisposeAsync().AsTask();
        await ShutdownBegunAsync(worker);
        await WriteAsync(stream, Body);
        var answer = await ReadAsync(stream);
        await stopping;

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Contains("[exit code 0]", worker.Output);
    }

    [Fact]
    public async Task Stop_AgainAndAgainUnderLoad_LosesNoRequest()
    {
        await PushAsync();
        for (var cycle = 0; cycle < 3; cycle++)
        {
            var ports = FreePorts.Pick(2);
            var worker = await StartAsync(ports);
            await worker.WaitUntilReadyAsync(TimeSpan.FromSeconds(30), Token);
            var load = new SteadyLoad(new Uri($"http://127.0.0.1:{ports[0]}/v2/models/m/infer"));
            var running = load.RunAsync(clients: 4, Token);
            while (load.Answered < 20)
                await Task.Delay(5, Token);

            await worker.DisposeAsync();
            await running;

            Assert.Empty(load.Lost);
            Assert.Contains("[exit code 0]", worker.Output);
        }
    }

    [Theory]
    [InlineData("Worker__Url", "http://0.0.0.0:8080", "Worker:Url must be a loopback address")]
    [InlineData("Worker__Url", "8080", "Worker:Url is not an http URL")]
    [InlineData("Worker__MetricsUrl", "nowhere", "Worker:MetricsUrl is not an http URL")]
    [InlineData("Worker__RequireGpu", "true", "Worker:RequireGpu")]
    [InlineData("Worker__QueueCapacity", "0", "Worker:QueueCapacity must be 1 to 100000")]
    public async Task Start_SettingThatCannotWork_SaysSoAndExits(string setting, string value, string message)
    {
        await using var worker = await StartAsync(FreePorts.Pick(2), (setting, value));

        await worker.Exited.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.DoesNotContain("[exit code 0]", worker.Output);
        Assert.Contains(worker.Output, line => line.Contains(message, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private async Task PushAsync()
    {
        var graph = OnnxGraphs.Scale(2).WriteTo(_folder.File("model.onnx"));
        using var prepared = await GraphPreparation.RunAsync(graph, new PreparationOptions(), null, Token);
        var publisher = new ModelPublisher(ModelStores.InFolder(_folder.File("store")));
        await publisher.PublishAsync(prepared.ToDraft("m", []), cancellationToken: Token);
    }

    private Task<ServiceProcess> StartAsync(int[] ports, params (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>
        {
            ["Worker__Url"] = $"http://127.0.0.1:{ports[0]}",
            ["Worker__GrpcUrl"] = string.Empty,
            ["Worker__MetricsUrl"] = $"http://127.0.0.1:{ports[1]}",
            ["Worker__ModelStore"] = _folder.File("store"),
        };
        foreach (var (name, value) in settings)
            environment[name] = value;
        var program = Path.Combine(AppContext.BaseDirectory, "Serverless.Worker.dll");
        return ServiceProcess.StartAsync(new ServiceCommand(
            "worker", "dotnet", [program], _folder.Path, environment, new Uri($"http://127.0.0.1:{ports[0]}/v2/health/ready")));
    }

    private static async Task ShutdownBegunAsync(ServiceProcess worker)
    {
        while (!worker.Output.Any(line => line.Contains("Application is shutting down", StringComparison.Ordinal)))
            await Task.Delay(10, Token);
    }

    private static async Task WriteAsync(NetworkStream stream, string text) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), Token);

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        var buffer = new byte[4096];
        var read = await stream.ReadAsync(buffer, Token);
        return Encoding.ASCII.GetString(buffer, 0, read);
    }
}
