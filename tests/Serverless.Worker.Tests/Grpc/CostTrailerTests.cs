using System.Diagnostics.Metrics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Serverless.Contracts.Costs;
using Serverless.Contracts.Http;
using Serverless.Contracts.Telemetry;
using Serverless.TestKit.Onnx;
using Serverless.Worker.Grpc.Protocol;

namespace Serverless.Worker.Tests.Grpc;

/// <summary>What gRPC answers say that they cost, beside what is charged.</summary>
public sealed class CostTrailerTests
{
    private const string Key = "x-inference-cost";
    private const decimal PricePerSecond = 0.5m;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Trailers_OfCallsAndAStream_AddUpToWhatTheTenantIsCharged()
    {
        await using var worker = await StartAsync("--Worker:Costs:Vcpus=4", "--Worker:Costs:VcpuSecond=0.125");
        var meters = worker.Services.GetRequiredService<IMeterFactory>();
        using var device = new MetricCollector<double>(meters, MetricNames.WorkerMeter, MetricNames.CostDeviceTime);
        using var charged = new MetricCollector<double>(meters, MetricNames.WorkerMeter, MetricNames.CostCharged);
        using var channel = GrpcChannel.ForAddress(worker.GrpcUrl);
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(channel);

        var told = await CallAsync(client) + await CallAsync(client) + await StreamAsync(client, requests: 5);
        await worker.StopAsync();

        Assert.True(told > 0);
        var seconds = Of("acme", device);
        // Each is told to a billionth.
        Assert.InRange((decimal)seconds * PricePerSecond - told, -5e-9m, 5e-9m);
        // Nobody else asked: the idle time beside the runs is acme's as well.
        Assert.Equal(charged.GetMeasurementSnapshot().Sum(charge => charge.Value) - Of(CostTables.Idle, charged), Of("acme", charged), 9);
        Assert.True(Of("acme", charged) > (double)told);
    }

    [Fact]
    public async Task Trailers_WithoutPrices_SayNothing()
    {
        await using var worker = await StartAsync();
        using var channel = GrpcChannel.ForAddress(worker.GrpcUrl);
        using var call = new GRPCInferenceService.GRPCInferenceServiceClient(channel).ModelInferAsync(Request(), cancellationToken: Token);

        await call.ResponseAsync;

        Assert.Null(call.GetTrailers().Get(Key));
    }

    private static async Task<RunningWorker> StartAsync(params string[] settings)
    {
        var worker = await RunningWorker.StartAsync(settings);
        await worker.PushAsync("scale", OnnxGraphs.Scale(2));
        return worker;
    }

    private static async Task<decimal> CallAsync(GRPCInferenceService.GRPCInferenceServiceClient client)
    {
        using var call = client.ModelInferAsync(Request(), Acme(), cancellationToken: Token);
        await call.ResponseAsync;
        return CostIn(call.GetTrailers());
    }

    private static async Task<decimal> StreamAsync(GRPCInferenceService.GRPCInferenceServiceClient client, int requests)
    {
        using var call = client.ModelStreamInfer(Acme(), cancellationToken: Token);
        for (var i = 0; i < requests; i++)
            await call.RequestStream.WriteAsync(Request(), Token);
        await call.RequestStream.CompleteAsync();
        while (await call.ResponseStream.MoveNext(Token))
            Assert.Empty(call.ResponseStream.Current.ErrorMessage);
        return CostIn(call.GetTrailers());
    }

    private static ModelInferRequest Request()
    {
        var input = new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "FP32", Contents = new() { Fp32Contents = { 1, 2 } } };
        input.Shape.Add([1, 2]);
        return new ModelInferRequest { ModelName = "scale", Inputs = { input } };
    }

    private static Metadata Acme() => new() { { InferenceHeaders.Tenant, "acme" } };

    private static decimal CostIn(Metadata trailers) => decimal.Parse(trailers.GetValue(Key)!, CultureInfo.InvariantCulture);

    private static double Of(string tenant, MetricCollector<double> metric) =>
        metric.GetMeasurementSnapshot().Where(measurement => (string?)measurement.Tags["tenant"] == tenant).Sum(measurement => measurement.Value);
}
