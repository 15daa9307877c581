using System.Net;
using Serverless.ContainerHost.Status;
using Serverless.ContainerHost.Tests.Running;
using Serverless.Topology.Containers;

namespace Serverless.ContainerHost.Tests.Status;

public sealed class ManagementTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_AReplicaIsReady_CountIt()
    {
        await using var containers = await TestContainers.StartUnscaledAsync(1);

        var text = await containers.Client.GetStringAsync(new Uri(containers.ManagementUrl, "/metrics"), Token);

        Assert.Contains("serverless_replicas_count{state=\"Ready\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("serverless_replicas_desired 1\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE serverless_replicas_time counter\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_AReplicaIsReady_ShowsIt()
    {
        await using var containers = await TestContainers.StartUnscaledAsync(1);

        var page = await containers.Client.GetStringAsync(containers.ManagementUrl, Token);

        Assert.Contains("<td>worker-1</td><td class=\"Ready\">Ready</td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_TextFromElsewhere_IsEscaped()
    {
        const string Script = "<script>alert('1')</script>";
        var now = DateTimeOffset.UnixEpoch;
        var replica = new ReplicaStatus(
            Script, Script, now, now, null, null, 0, 1, new Uri("http://localhost"), new Uri("http://localhost"), Script);
        var decision = new DecisionStatus(now, 0, 1, Script, 0, 0, new Dictionary<string, long>());
        var status = new ContainerStatus(
            Script, Script, now, now, 1, 1, 1, 0, 0, 0, new Dictionary<string, long> { [Script] = 1 }, 0, [replica], [decision]);

        Assert.DoesNotContain("<script", StatusPage.Of(status), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Management_OtherMethodOrPath_IsRefused()
    {
        await using var containers = await TestContainers.StartUnscaledAsync(0);

        using var post = await containers.Client.PostAsync(containers.ManagementUrl, null, Token);
        using var other = await containers.Client.GetAsync(new Uri(containers.ManagementUrl, "/who"), Token);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }
}
