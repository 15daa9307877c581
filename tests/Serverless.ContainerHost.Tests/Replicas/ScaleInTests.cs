using System.Net;
using Serverless.ContainerHost.Replicas;
using Serverless.ContainerHost.Tests.Running;

namespace Serverless.ContainerHost.Tests.Replicas;

public sealed class ScaleInTests
{
    private const int Cycles = 10;
    private const int Callers = 8;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ScaleIn_TenTimesUnderSteadyLoad_DropsNoRequest()
    {
        await using var containers = await TestContainers.StartUnscaledAsync(1);
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, Callers).Select(caller => CallAsync(containers, caller % 2 == 0 ? "/who" : "/slow", stop.Token)).ToList();

        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            containers.Pool.Scale(3);
            await containers.WaitAsync(() => containers.Ready.Count == 3, "three replicas");
            containers.Pool.Scale(1);
            await containers.WaitAsync(() => containers.Pool.Replicas.Count(replica => replica.Ended is null) == 1, "one replica");
        }

        await stop.CancelAsync();
        var answers = (await Task.WhenAll(load)).SelectMany(each => each).ToList();
        Assert.True(answers.Count > 100, $"Only {answers.Count} requests were made.");
        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        var ended = containers.Pool.Replicas.Where(replica => replica.Ended is not null).ToList();
        Assert.Equal(2 * Cycles, ended.Count);
        Assert.All(ended, replica => Assert.Equal((ReplicaState.Stopped, null), (replica.State, replica.Remark)));
    }

    [Fact]
    public async Task ScaleIn_ARequestIsInFlight_IsAnsweredByTheLeavingReplica()
    {
        await using var containers = await TestContainers.StartUnscaledAsync(1);
        var slow = containers.Client.GetStringAsync("/slow", Token);
        await containers.WaitAsync(() => containers.Ready[0].InFlight == 1, "a request in flight");

        containers.Pool.Scale(0);

        Assert.Equal("done", await slow);
        await containers.WaitAsync(() => containers.Pool.Replicas[0].State == ReplicaState.Stopped, "the replica's end");
    }

    [Fact]
    public async Task ScaleIn_ReplicaDoesNotStop_IsKilledAfterItsGrace()
    {
        await using var containers = await TestContainers.StartUnscaledAsync(1, TimeSpan.FromSeconds(1), TestContainers.Variable("STUBBORN", "1"));

        containers.Pool.Scale(0);

        await containers.WaitAsync(() => containers.Pool.Replicas[0].State == ReplicaState.Stopped, "the replica's end");
        Assert.Equal("killed after 1 s", containers.Pool.Replicas[0].Remark);
    }

    [Fact]
    public async Task ScaleIn_SomeStillStart_ThoseGoFirst()
    {
        await using var containers = await TestContainers.StartUnscaledAsync(1);
        containers.Pool.Scale(3);

        containers.Pool.Scale(1);

        await containers.WaitAsync(() => containers.Pool.Replicas.Count(replica => replica.Ended is not null) == 2, "the end of two");
        Assert.Equal(ReplicaState.Ready, containers.Pool.Replicas[0].State);
    }

    private static async Task<List<HttpStatusCode>> CallAsync(TestContainers containers, string path, CancellationToken stop)
    {
        var answers = new List<HttpStatusCode>();
        while (!stop.IsCancellationRequested)
        {
            using var answer = await containers.Client.GetAsync(path, Token);
            answers.Add(answer.StatusCode);
        }

        return answers;
    }
}
