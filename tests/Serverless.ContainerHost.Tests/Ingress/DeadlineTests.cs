using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Serverless.ContainerHost.Ingress;
using Serverless.ContainerHost.Tests.Running;

namespace Serverless.ContainerHost.Tests.Ingress;

/// <summary>240 s on a clock of the test's own.</summary>
public sealed class DeadlineTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));

    [Fact]
    public async Task Request_NoReplicaGetsReady_Is504After240Seconds()
    {
        await using var containers = await TestContainers.StartAsync(Exchange, TestContainers.Variable("NEVER_READY", "1"));
        var request = containers.Client.GetAsync("/who", TestContext.Current.CancellationToken);
        await containers.WaitAsync(() => containers.Held == 1, "a held request");

        await PassAsync(ResponseDeadline.Limit - TimeSpan.FromSeconds(2));
        Assert.False(request.IsCompleted);
        await PassAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(HttpStatusCode.GatewayTimeout, (await request).StatusCode);
    }

    [Fact]
    public async Task Request_ReplicaDoesNotAnswer_Is504After240Seconds()
    {
        await using var containers = await TestContainers.StartAsync(Exchange);
        var request = containers.Client.GetAsync("/hang", TestContext.Current.CancellationToken);
        while (containers.Pool.Replicas.All(replica => replica.InFlight == 0))
            await PassAsync(TimeSpan.FromSeconds(0.1));

        await PassAsync(ResponseDeadline.Limit);

        Assert.Equal(HttpStatusCode.GatewayTimeout, (await request).StatusCode);
    }

    [Fact]
    public async Task Stream_GoesOnLongerThan240Seconds_IsLetThrough()
    {
        await using var containers = await TestContainers.StartAsync(Exchange);
        var request = containers.Client.GetAsync("/halves", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        while (!request.IsCompleted)
            await PassAsync(TimeSpan.FromSeconds(0.1));

        await PassAsync(ResponseDeadline.Limit * 2);
        await containers.Client.GetAsync("/release", TestContext.Current.CancellationToken);

        Assert.Equal("firstsecond", await (await request).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private void Exchange(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time));

    // In steps, so that what waits for the clock gets its turn.
    private async Task PassAsync(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += TimeSpan.FromSeconds(2))
        {
            _time.Advance(span < TimeSpan.FromSeconds(2) ? span : TimeSpan.FromSeconds(2));
            await Task.Delay(2, TestContext.Current.CancellationToken);
        }
    }
}
