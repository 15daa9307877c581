using System.Collections.Concurrent;
using Grpc.Net.Client;
using Serverless.Conformance.Clients;
using Serverless.Conformance.Data;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;
using Serverless.Topology.Processes;
using Serverless.Worker.Grpc.Protocol;

namespace Serverless.Conformance.Runs;

/// <summary>
/// Runs every case once: a store in a folder with all models as they are (nothing is proved or optimised at this push), one worker process
/// over it, and ONNX Runtime in this one.
/// </summary>
public sealed class ConformanceFixture : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentBag<CaseReport> _reports = [];

    internal IReadOnlyCollection<CaseReport> Reports => _reports;

    /// <summary>What the worker said of a model that the runtime's C# binding cannot describe, by the type of its elements.</summary>
    internal Dictionary<string, CallResult> Unbindable { get; } = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (!TestData.IsInstalled)
            return;
        var cases = TestData.Load();
        var publisher = new ModelPublisher(ModelStores.InFolder(_folder.File("store")));
        foreach (var (type, file) in UnbindableGraphs.Write(_folder.Path))
            await publisher.PublishAsync(new PackageDraft(type, file), cancellationToken: Token);
        var ports = FreePorts.Pick(3);
        await using var worker = await StartAsync(ports);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports[0]}") };
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{ports[1]}");
        var grpc = new GRPCInferenceService.GRPCInferenceServiceClient(channel);
        foreach (var type in UnbindableGraphs.Types.Keys)
            Unbindable[type] = await BinaryHttp.CallAsync(http, type, [], Token);
        await Parallel.ForEachAsync(
            cases,
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Token },
            async (test, cancellation) =>
            {
                await publisher.PublishAsync(new PackageDraft(test.Model, test.File), cancellationToken: cancellation);
                _reports.Add(await RunAsync(test, http, grpc, cancellation));
            });
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<ServiceProcess> StartAsync(int[] ports)
    {
        var settings = new Dictionary<string, string>
        {
            ["Worker__Url"] = $"http://127.0.0.1:{ports[0]}",
            ["Worker__GrpcUrl"] = $"http://127.0.0.1:{ports[1]}",
            ["Worker__MetricsUrl"] = $"http://127.0.0.1:{ports[2]}",
            ["Worker__ModelStore"] = _folder.File("store"),
            ["Logging__LogLevel__Default"] = "None",
            ["ORT_DISABLE_TELEMETRY"] = "1",
        };
        var program = Path.Combine(AppContext.BaseDirectory, "Serverless.Worker.dll");
        var worker = await ServiceProcess.StartAsync(new ServiceCommand(
            "worker", "dotnet", [program], _folder.Path, settings, new Uri($"http://127.0.0.1:{ports[0]}/v2/health/ready")));
        await worker.WaitUntilReadyAsync(StartLimit, Token);
        return worker;
    }

    private static async Task<CaseReport> RunAsync(
        OnnxCase test, HttpClient http, GRPCInferenceService.GRPCInferenceServiceClient grpc, CancellationToken cancellationToken)
    {
        var plain = PlainRuntime.Run(test);
        var report = new CaseReport(test, plain)
        {
            Binary = Judge(plain, await BinaryHttp.CallAsync(http, test.Model, plain.Inputs, cancellationToken), json: false),
            Grpc = Judge(plain, await GrpcClient.CallAsync(grpc, test.Model, plain.Inputs, cancellationToken), json: false),
        };
        return JsonHttp.CanExpress(plain.Inputs, plain.Outputs)
            ? report with { Json = Judge(plain, await JsonHttp.CallAsync(http, test.Model, plain.Inputs, cancellationToken), json: true) }
            : report;
    }

    private static Verdict Judge(PlainResult plain, CallResult call, bool json)
    {
        if (call.Status != 200)
            return new Verdict(call.Status, call.Error);
        if (plain.Outcome != PlainOutcome.Passes)
            return new Verdict(call.Status, null);
        return new Verdict(
            call.Status,
            json ? Closeness.FindInequality(plain.Outputs, call.Outputs, nullForNotFinite: true)
                : Closeness.FindDifference(plain.Expected, call.Outputs)
                    ?? Closeness.FindInequality(plain.Outputs, call.Outputs, nullForNotFinite: false));
    }
}
