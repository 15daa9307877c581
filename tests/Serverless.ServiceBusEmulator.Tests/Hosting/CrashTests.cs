using Azure.Messaging.ServiceBus;
using Serverless.ServiceBusEmulator.Configuration;

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
                { "Name": "moved" },
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
    public async Task Kill_AmongTransactions_LeavesEachMessageInOnePlace()
    {
        const int Messages = 300;
        await using var emulator = new EmulatorProgram();
        await emulator.StartAsync(Config, Cancelled);
        await using var client = CreateClient(emulator);
        await client.CreateSender("work").SendMessagesAsync(
            Enumerable.Range(0, Messages).Select(number => new ServiceBusMessage($"{number}")), Cancelled);
        await using var mover = new CrashMover(client, "work", "moved");

        await mover.StartAsync(Cancelled);
        for (var round = 1; round <= 2; round++)
        {
            await WaitUntil.TrueAsync(() => Task.FromResult(mover.Moved >= 50 * round));
            await emulator.KillAsync();
            await emulator.StartAsync(Config, Cancelled);
        }

        await mover.StopAsync(Cancelled);
        var bodies = new List<string>();
        foreach (var queue in new[] { "work", "moved" })
        {
            await using var receiver = client.CreateReceiver(queue);
            bodies.AddRange((await receiver.PeekMessagesAsync(1000, 0, Cancelled)).Select(message => message.Body.ToString()));
        }

        Assert.Equal(Enumerable.Range(0, Messages).Select(number => $"{number}").Order(), bodies.Order());
    }

    [Fact]
    public async Task Start_PortTaken_EndsNamingIt()
    {
        await using var emulator = new EmulatorProgram();
        await emulator.StartAsync(Config, Cancelled);
        var directory = Directory.CreateTempSubdirectory("sbe-second-").FullName;

        var error = await Assert.ThrowsAsync<ConfigException>(() => Emulator.StartAsync(
            new EmulatorOptions { AmqpPort = emulator.AmqpPort, HttpPort = 0, DataDirectory = directory },
            cancellationToken: Cancelled));

        Directory.Delete(directory, recursive: true);
        Assert.Contains($"AMQP port {emulator.AmqpPort}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_OnBothPorts_IsSurvived()
    {
        await using var emulator = new EmulatorProgram();
        await emulator.StartAsync(Config, Cancelled);
        var random = new Random(20300101);
        foreach (var port in Enumerable.Repeat(new[] { emulator.AmqpPort, emulator.HttpPort }, 20).SelectMany(ports => ports))
        {
            using var socket = new System.Net.Sockets.TcpClient("127.0.0.1", port);
            var garbage = new byte[2000];
            random.NextBytes(garbage);
            // Half of them begin like AMQP: SASL skipped, then a frame of nonsense.
            if (random.Next(2) == 0)
                "AMQP\0\u0001\0\0\0\0\u0001\0\u0002\0\0\0"u8.CopyTo(garbage);
            await socket.GetStream().WriteAsync(garbage, Cancelled);
        }

        await using var client = CreateClient(emulator);
        await client.CreateSender("work").SendMessageAsync(new ServiceBusMessage("still here"), Cancelled);
        await using var receiver = client.CreateReceiver("work");
        Assert.Equal("still here", (await receiver.ReceiveMessageAsync(cancellationToken: Cancelled)).Body.ToString());
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
