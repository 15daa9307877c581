using System.Net;
using Serverless.ContainerHost.Replicas;
using Serverless.ContainerHost.Tests.Running;

namespace Serverless.ContainerHost.Tests.Ingress;

public sealed class HoldingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_AtZeroReplicas_StartsTheFirstAndIsAnsweredByIt()
    {
        await using var containers = await TestContainers.StartAsync();
        Assert.Empty(containers.Pool.Replicas);

        var answer = await containers.Client.GetStringAsync("/who", Token);

        Assert.Equal("worker-1", answer);
        var status = await containers.StatusAsync();
        Assert.Equal("a request is held", (string?)status["decisions"]![0]!["reason"]);
        Assert.Equal("Ready", (string?)status["replicas"]![0]!["state"]);
    }

    [Fact]
    public async Task Requests_NothingMoreIsAsked_GoBackToZero()
    {
        await using var containers = await TestContainers.StartAsync(("ContainerHost:Speed", "100"));
        await containers.Client.GetStringAsync("/who", Token);

        await containers.WaitAsync(() => containers.Pool.Replicas.All(replica => replica.State == ReplicaState.Stopped), "scaling to zero");

        var decisions = (await containers.StatusAsync())["decisions"]!.AsArray();
        Assert.Equal(0, (int)decisions[^1]!["to"]!);
        Assert.Equal("worker-2", await containers.Client.GetStringAsync("/who", Token));
    }

    [Fact]
    public async Task Requests_MoreThanMayBeHeld_Are503()
    {
        await using var containers = await TestContainers.StartUnscaledAsync(0);
        using var two = new CancellationTokenSource();
        var held = Enumerable.Range(0, 2).Select(_ => containers.Client.GetAsync("/who", two.Token)).ToList();
        await containers.WaitAsync(() => containers.Held == 2, "two held requests");

        var third = await containers.Client.GetAsync("/who", Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, third.StatusCode);
        containers.Pool.Scale(1);
        Assert.All(await Task.WhenAll(held), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    [Fact]
    public async Task Request_CallerLeavesWhileItIsHeld_IsNoLongerCounted()
    {
        await using var containers = await TestContainers.StartUnscaledAsync(0);
        using var leaving = new CancellationTokenSource();
        var held = containers.Client.GetAsync("/who", leaving.Token);
        await containers.WaitAsync(() => containers.Held == 1, "a held request");

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held);
        await containers.WaitAsync(() => containers.Held == 0, "nothing held");
    }

    [Fact]
    public async Task Request_HostStopsWhileItIsHeld_Is503()
    {
        var containers = await TestContainers.StartUnscaledAsync(0);
        using var client = new HttpClient { BaseAddress = containers.IngressUrl };
        var held = client.GetAsync("/who", Token);
        await containers.WaitAsync(() => containers.Held == 1, "a held request");

        await containers.DisposeAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await held).StatusCode);
    }
}
