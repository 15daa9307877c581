using Azure.Messaging.ServiceBus;

namespace Serverless.ServiceBusEmulator.Tests.Hosting;

/// <summary>What survives the death of the process: everything that was acknowledged, once.</summary>
public sealed class CrashTests
{
    private const string Config = """
        {
          // As the official emulator's sample, comments and all.
          "UserConfig": {
            "Namespaces": [ {
              "Name": "sbemulatorns",
              "Queues": [
                { "Name": "work", "Properties": { "LockDuration": "PT30S", "MaxDeliveryCount": 100 } },
                { "Name": "sessions", "Properties": { "RequiresSession": true } },
                { "Name": "unique", "Properties": { "RequiresDuplicateDetection": true } },
              ],
              "Topics": [ { "Name": "news", "Subscriptions": [ { "Name": "one" }, { "Name": "two" } ] } ]
            } ]
          }
        }
        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_UnderLoad_LosesNothingAcknowledgedAndCompletesNothingTwice()
    {
        await using var emulator = new EmulatorProgram();
        await emulator.StartAsync(Config, Cancelled);
        await using var client = CreateClient(emulator);
        await using var load = new CrashLoad(client, "work");

        await load.StartAsync(senders: 16, Cancelled);
        for (var round = 0; round < 3; round++)
        {
            await load.ProgressAsync(messages: 300, Cancelled);
            await emulator.KillAsync();
            await emulator.StartAsync(Config, Cancelled);
        }

        await load.ProgressAsync(messages: 300, Cancelled);
        await load.StopSendingAsync();
        await load.DrainAsync(Cancelled);

        Assert.Empty(load.Lost);
        Assert.Empty(load.CompletedTwice);
    }

    [Fact]
    public async Task Kill_AtRest_KeepsEverything()
    {
        await using var emulator = new EmulatorProgram();
        await emulator.StartAsync(Config, Cancelled);
        await using (var client = CreateClient(emulator))
            await FillAsync(client);

        await emulator.KillAsync();
        await emulator.StartAsync(Config, Cancelled);

        await using var after = CreateClient(emulator);
        await CheckAsync(after);
    }

    [Fact]
    public async Task Terminate_Running_StopsCleanly()
    {
        await using var emulator = new EmulatorProgram();
        await emulator.StartAsync(Config, Cancelled);
        await using var client = CreateClient(emulator);
        await client.CreateSender("work").SendMessageAsync(new ServiceBusMessage("x"), Cancelled);

        Assert.Equal(0, await emulator.StopAsync());
    }

    private static async Task FillAsync(ServiceBusClient client)
    {
        var sender = client.CreateSender("work");
        await sender.SendMessagesAsync([new("plain"), new("deferred"), new("dead"), new("abandoned"), new("gone")], Cancelled);
        await sender.ScheduleMessageAsync(new ServiceBusMessage("scheduled"), TimeProvider.System.GetUtcNow().AddHours(1), Cancelled);
        await using var receiver = client.CreateReceiver("work");
        var messages = new List<ServiceBusReceivedMessage>();
        while (messages.Count < 5)
            messages.AddRange(await receiver.ReceiveMessagesAsync(5 - messages.Count, cancellationToken: Cancelled));
        await receiver.DeferMessageAsync(messages[1], cancellationToken: Cancelled);
        await receiver.DeadLetterMessageAsync(messages[2], "why", cancellationToken: Cancelled);
        await receiver.AbandonMessageAsync(messages[3], new Dictionary<string, object> { ["tried"] = true }, Cancelled);
        await receiver.CompleteMessageAsync(messages[4], Cancelled);

        await client.CreateSender("sessions").SendMessageAsync(new ServiceBusMessage("s") { SessionId = "a" }, Cancelled);
        await using var session = await client.AcceptSessionAsync("sessions", "a", cancellationToken: Cancelled);
        await session.SetSessionStateAsync(new BinaryData("state"), Cancelled);
        await client.CreateSender("unique").SendMessageAsync(new ServiceBusMessage("u") { MessageId = "1" }, Cancelled);
        await client.CreateSender("news").SendMessageAsync(new ServiceBusMessage("n"), Cancelled);
    }

    private static async Task CheckAsync(ServiceBusClient client)
    {
        await using var receiver = client.CreateReceiver("work");
        var left = await receiver.PeekMessagesAsync(100, 0, Cancelled);
        Assert.Equal(
            [("plain", "Active"), ("deferred", "Deferred"), ("abandoned", "Active"), ("scheduled", "Scheduled")],
            left.Select(message => (message.Body.ToString(), message.State.ToString())));
        Assert.Equal([0, 0, 1, 0], left.Select(message => message.DeliveryCount));
        Assert.Equal(true, left[2].ApplicationProperties["tried"]);
        Assert.Equal("deferred", (await receiver.ReceiveDeferredMessageAsync(left[1].SequenceNumber, Cancelled)).Body.ToString());

        await using var dead = client.CreateReceiver("work", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        Assert.Equal("why", (await dead.ReceiveMessageAsync(cancellationToken: Cancelled)).DeadLetterReason);

        await using var session = await client.AcceptSessionAsync("sessions", "a", cancellationToken: Cancelled);
        Assert.Equal("state", (await session.GetSessionStateAsync(Cancelled)).ToString());
        Assert.Equal("s", (await session.ReceiveMessageAsync(cancellationToken: Cancelled)).Body.ToString());

        await client.CreateSender("unique").SendMessageAsync(new ServiceBusMessage("again") { MessageId = "1" }, Cancelled);
        await using var unique = client.CreateReceiver("unique");
        Assert.Single(await unique.PeekMessagesAsync(10, cancellationToken: Cancelled));
        foreach (var subscription in new[] { "one", "two" })
        {
            await using var news = client.CreateReceiver("news", subscription);
            Assert.Equal("n", (await news.ReceiveMessageAsync(cancellationToken: Cancelled)).Body.ToString());
        }

        // A number is never given twice, even though the message that had the last one is gone.
        await client.CreateSender("work").SendMessageAsync(new ServiceBusMessage("new"), Cancelled);
        var newest = (await receiver.PeekMessagesAsync(100, 0, Cancelled))[^1];
        Assert.True(newest.SequenceNumber > left[^1].SequenceNumber);
    }

    private static ServiceBusClient CreateClient(EmulatorProgram emulator) => new(
        emulator.ConnectionString,
        new ServiceBusClientOptions
        {
            RetryOptions = new ServiceBusRetryOptions
            {
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromMilliseconds(500),
                MaxRetries = 50,
                TryTimeout = TimeSpan.FromSeconds(5),
            },
        });
}
