using System.Text.Json;
using Serverless.Contracts.Queues;
using Serverless.Topology.Layout;

namespace Serverless.Gateway.Tests.Queues;

public sealed class HostJsonTests
{
    [Fact]
    public void HostJson_MaxDequeueCount_IsTheCodesLastDelivery()
    {
        using var host = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Find().Root, "host.json")));

        var count = host.RootElement.GetProperty("extensions").GetProperty("queues").GetProperty("maxDequeueCount").GetInt32();

        Assert.Equal(QueueNames.MaxDeliveries, count);
    }
}
