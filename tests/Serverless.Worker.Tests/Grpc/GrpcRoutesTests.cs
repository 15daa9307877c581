using Grpc.Net.Client;
using Serverless.Worker.Grpc.Protocol;

namespace Serverless.Worker.Tests.Grpc;

public sealed class GrpcRoutesTests
{
    private const int Clients = 16;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_FirstOfManyClientsAtOnce_AllAreAnswered()
    {
        await using var worker = await RunningWorker.StartAsync();
        Assert.Equal(0, Methods(worker));

        var live = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(() => IsLiveAsync(worker), Token)));

        Assert.All(live, Assert.True);
        Assert.Equal(GRPCInferenceService.Descriptor.Methods.Count, Methods(worker));
    }

    private static async Task<bool> IsLiveAsync(RunningWorker worker)
    {
        // A connection of its own.
        using var channel = GrpcChannel.ForAddress(worker.GrpcUrl);
        return (await new GRPCInferenceService.GRPCInferenceServiceClient(channel)
            .ServerLiveAsync(new ServerLiveRequest(), cancellationToken: Token)).Live;
    }

    private static int Methods(RunningWorker worker) =>
        worker.Routes.Count(route => route.RoutePattern.RawText!.StartsWith("/inference.", StringComparison.Ordinal));
}
