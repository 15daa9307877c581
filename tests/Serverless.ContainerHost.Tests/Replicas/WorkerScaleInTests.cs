using System.Net;
using System.Text;
using Serverless.ContainerHost.Replicas;
using Serverless.ContainerHost.Tests.Running;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;
using Serverless.Topology.Layout;

namespace Serverless.ContainerHost.Tests.Replicas;

/// <summary>Scale-in of real workers, which drain when they are told to end.</summary>
public sealed class WorkerScaleInTests : IDisposable
{
    private const int Cycles = 10;
    private const int Callers = 4;
    private const string Request = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1.5,2]}]}""";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ScaleIn_TenTimesUnderSteadyLoad_LosesNoInference()
    {
        await PushAsync();
        await using var containers = await TestContainers.StartUnscaledAsync(1, Worker());
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, Callers).Select(_ => InferAsync(containers.Client, stop.Token)).ToList();

        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            containers.Pool.Scale(2);
            await containers.WaitAsync(() => containers.Ready.Count == 2, "two workers");
            containers.Pool.Scale(1);
            await containers.WaitAsync(() => containers.Pool.Replicas.Count(replica => replica.Ended is null) == 1, "one worker");
        }

        await stop.CancelAsync();
        var answers = (await Task.WhenAll(load)).SelectMany(each => each).ToList();
        Assert.True(answers.Count > 100, $"Only {answers.Count} requests were made.");
        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        var ended = containers.Pool.Replicas.Where(replica => replica.Ended is not null).ToList();
        Assert.Equal(Cycles, ended.Count);
        Assert.All(ended, replica => Assert.Equal((ReplicaState.Stopped, null), (replica.State, replica.Remark)));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<List<HttpStatusCode>> InferAsync(HttpClient client, CancellationToken stop)
    {
        var answers = new List<HttpStatusCode>();
        while (!stop.IsCancellationRequested)
        {
            using var body = new StringContent(Request, Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync("/v2/models/m/infer", body, Token);
            answers.Add(answer.StatusCode);
        }

        return answers;
    }

    private async Task PushAsync()
    {
        var graph = OnnxGraphs.Scale(2).WriteTo(_folder.File("model.onnx"));
        using var prepared = await GraphPreparation.RunAsync(graph, new PreparationOptions(), null, Token);
        await new ModelPublisher(ModelStores.InFolder(_folder.File("store"))).PublishAsync(prepared.ToDraft("m", []), cancellationToken: Token);
    }

    private (string Name, string Value)[] Worker()
    {
        (string Name, string Value)[] variables =
        [
            ("Worker__Url", "http://127.0.0.1:{http}"), ("Worker__MetricsUrl", "http://127.0.0.1:{metrics}"), ("Worker__GrpcUrl", ""),
            ("Worker__ModelStore", _folder.File("store")), ("Worker__Preload__0", "m"), ("ORT_DISABLE_TELEMETRY", "1"),
        ];
        return
        [
            ("ContainerHost:Replica:Program", "dotnet"),
            ("ContainerHost:Replica:Arguments:0", Repository.Find().AssemblyOf("functions/Serverless.Worker")),
            .. variables.SelectMany((variable, index) => new[]
            {
                ($"ContainerHost:Replica:Environment:{index}:Name", variable.Name), ($"ContainerHost:Replica:Environment:{index}:Value", variable.Value),
            }),
        ];
    }
}
