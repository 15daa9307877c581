using Azure.Messaging.ServiceBus;
using Serverless.ContainerHost.Tests.Running;
using Serverless.TestKit;

namespace Serverless.ContainerHost.Tests.Scaling;

/// <summary>Against the Service Bus emulator, asked with the client that asks Azure.</summary>
public sealed class QueueScalingTests(ServiceBusFixture serviceBus) : IClassFixture<ServiceBusFixture>
{
    [Fact]
    public async Task Messages_AtZeroReplicas_StartAsManyAsTheFormulaSays()
    {
        await using var client = new ServiceBusClient(serviceBus.Ports.ConnectionString);
        await using var sender = client.CreateSender("shards");
        await sender.SendMessagesAsync([new("1"), new("2"), new("3"), new("4"), new("5")], TestContext.Current.CancellationToken);

        await using var containers = await TestContainers.StartAsync(
            ("ContainerHost:ServiceBusAdministration", serviceBus.Ports.AdminConnectionString));

        // Five messages, two for each replica.
        await containers.WaitAsync(() => containers.Ready.Count == 3, "three replicas");
        await Task.Delay(1_000, TestContext.Current.CancellationToken);
        var status = await containers.StatusAsync();
        Assert.Equal(3, (int)status["desired"]!);
        Assert.Equal(5, (int)status["queues"]!["shards"]!);
        Assert.Contains("shards 5 / 2", (string)status["decisions"]!.AsArray()[^1]!["reason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_ServiceBusIsNotThere_HttpStillScales()
    {
        await using var containers = await TestContainers.StartAsync((
            "ContainerHost:ServiceBusAdministration",
            "Endpoint=sb://localhost:1;SharedAccessKeyName=any;SharedAccessKey=any;UseDevelopmentEmulator=true;"));

        Assert.Equal("worker-1", await containers.Client.GetStringAsync("/who", TestContext.Current.CancellationToken));
    }
}
