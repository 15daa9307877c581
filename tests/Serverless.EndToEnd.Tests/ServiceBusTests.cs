using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Serverless.TestKit;

namespace Serverless.EndToEnd.Tests;

/// <summary>The Service Bus emulator as the topology starts it, through the official clients.</summary>
public sealed class ServiceBusTests(ServiceBusFixture fixture) : IClassFixture<ServiceBusFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queue_OfThePlatform_DeliversAndCounts()
    {
        await using var client = new ServiceBusClient(fixture.Ports.ConnectionString);
        var admin = new ServiceBusAdministrationClient(fixture.Ports.AdminConnectionString);
        await using var sender = client.CreateSender("inference");
        await using var receiver = client.CreateReceiver("inference");
        await sender.SendMessageAsync(new ServiceBusMessage("work") { MessageId = "1" }, Token);
        await sender.SendMessageAsync(new ServiceBusMessage("the same work") { MessageId = "1" }, Token);

        var counted = await admin.GetQueueRuntimePropertiesAsync("inference", Token);
        var message = await receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(10), Token);
        await receiver.CompleteMessageAsync(message, Token);

        Assert.Equal("work", message.Body.ToString());
        Assert.Equal(1, counted.Value.ActiveMessageCount);
    }
}
