using Azure.Messaging.ServiceBus;
using Serverless.ServiceBusEmulator.Queues;

namespace Serverless.ServiceBusEmulator.Tests.Queues;

public sealed class SendReceiveTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task Receive_SentMessage_HasEverythingThatWasSent()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var sender = emulator.Client.CreateSender(queue);
        await using var receiver = emulator.Client.CreateReceiver(queue);
        var sent = new ServiceBusMessage("body")
        {
            MessageId = "id",
            CorrelationId = "correlation",
            Subject = "subject",
            ContentType = "text/plain",
            To = "to",
            ReplyTo = "reply",
            ReplyToSessionId = "reply-session",
            PartitionKey = "key",
            TimeToLive = TimeSpan.FromMinutes(5),
            ApplicationProperties =
            {
                ["text"] = "value", ["number"] = 42, ["long"] = 43L, ["flag"] = true, ["time"] = DateTimeOffset.UnixEpoch,
            },
        };

        await sender.SendMessageAsync(sent, TestContext.Current.CancellationToken);
        var received = await receiver.ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("body", received.Body.ToString());
        Assert.Equal("id", received.MessageId);
        Assert.Equal("correlation", received.CorrelationId);
        Assert.Equal("subject", received.Subject);
        Assert.Equal("text/plain", received.ContentType);
        Assert.Equal("to", received.To);
        Assert.Equal("reply", received.ReplyTo);
        Assert.Equal("reply-session", received.ReplyToSessionId);
        Assert.Equal("key", received.PartitionKey);
        Assert.Equal(TimeSpan.FromMinutes(5), received.TimeToLive);
        Assert.Equal("value", received.ApplicationProperties["text"]);
        Assert.Equal(42, received.ApplicationProperties["number"]);
        Assert.Equal(43L, received.ApplicationProperties["long"]);
        Assert.Equal(true, received.ApplicationProperties["flag"]);
        Assert.Equal(DateTimeOffset.UnixEpoch, received.ApplicationProperties["time"]);
        Assert.Equal(1, received.SequenceNumber);
        Assert.Equal(1, received.EnqueuedSequenceNumber);
        Assert.Equal(1, received.DeliveryCount);
        Assert.Equal(ServiceBusMessageState.Active, received.State);
        Assert.InRange(received.LockedUntil - received.EnqueuedTime, TimeSpan.FromSeconds(55), TimeSpan.FromSeconds(65));
        await receiver.CompleteMessageAsync(received, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Complete_HeldMessage_RemovesIt()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var receiver = await SendAsync(queue, "one");

        var message = await receiver.ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken);
        await receiver.CompleteMessageAsync(message, TestContext.Current.CancellationToken);

        Assert.Null(await receiver.PeekMessageAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Abandon_WithProperties_ComesBackCountedAndChanged()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var receiver = await SendAsync(queue, "one");

        var first = await receiver.ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken);
        await receiver.AbandonMessageAsync(
            first, new Dictionary<string, object> { ["tried"] = 1 }, TestContext.Current.CancellationToken);
        var second = await receiver.ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(2, second.DeliveryCount);
        Assert.Equal(1, second.ApplicationProperties["tried"]);
        Assert.Equal("one", second.Body.ToString());
    }

    [Fact]
    public async Task Abandon_UntilDeliveryLimit_DeadLetters()
    {
        var queue = await emulator.CreateQueueAsync(new QueueOptions { MaxDeliveryCount = 2 });
        await using var receiver = await SendAsync(queue, "poison");
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var message = await receiver.ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken);
            await receiver.AbandonMessageAsync(message, cancellationToken: TestContext.Current.CancellationToken);
        }

        Assert.Null(await receiver.ReceiveMessageAsync(Short, TestContext.Current.CancellationToken));
        var dead = await ReceiveDeadAsync(queue);
        Assert.Equal("MaxDeliveryCountExceeded", dead.DeadLetterReason);
        Assert.Contains("2 delivery attempts", dead.DeadLetterErrorDescription, StringComparison.Ordinal);
        Assert.Equal("poison", dead.Body.ToString());
    }

    [Fact]
    public async Task DeadLetter_WithReason_MovesWithReasonAndProperties()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var receiver = await SendAsync(queue, "bad");
        var message = await receiver.ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken);

        await receiver.DeadLetterMessageAsync(
            message, new Dictionary<string, object> { ["extra"] = "x" }, "why", "because", TestContext.Current.CancellationToken);

        var dead = await ReceiveDeadAsync(queue);
        Assert.Equal("why", dead.DeadLetterReason);
        Assert.Equal("because", dead.DeadLetterErrorDescription);
        Assert.Equal("x", dead.ApplicationProperties["extra"]);
        Assert.Equal(message.SequenceNumber, dead.SequenceNumber);
    }

    [Fact]
    public async Task Defer_Message_IsReceivedOnlyByNumber()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var receiver = await SendAsync(queue, "later");
        var message = await receiver.ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken);

        await receiver.DeferMessageAsync(
            message, new Dictionary<string, object> { ["deferred"] = true }, TestContext.Current.CancellationToken);

        Assert.Null(await receiver.ReceiveMessageAsync(Short, TestContext.Current.CancellationToken));
        var peeked = await receiver.PeekMessageAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(ServiceBusMessageState.Deferred, peeked.State);
        var deferred = await receiver.ReceiveDeferredMessageAsync(message.SequenceNumber, TestContext.Current.CancellationToken);
        Assert.Equal("later", deferred.Body.ToString());
        Assert.Equal(true, deferred.ApplicationProperties["deferred"]);
        await receiver.CompleteMessageAsync(deferred, TestContext.Current.CancellationToken);
        var gone = await Assert.ThrowsAsync<ServiceBusException>(
            () => receiver.ReceiveDeferredMessageAsync(message.SequenceNumber, TestContext.Current.CancellationToken));
        Assert.Equal(ServiceBusFailureReason.MessageNotFound, gone.Reason);
    }

    [Fact]
    public async Task ReceiveAndDelete_Message_IsGone()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var peeker = await SendAsync(queue, "once");
        await using var receiver = emulator.Client.CreateReceiver(
            queue, new ServiceBusReceiverOptions { ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete });

        var message = await receiver.ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("once", message.Body.ToString());
        Assert.Null(await peeker.PeekMessageAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task SendBatch_Messages_ArriveInOrder()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var sender = emulator.Client.CreateSender(queue);
        using var batch = await sender.CreateMessageBatchAsync(TestContext.Current.CancellationToken);
        for (var number = 0; number < 50; number++)
            Assert.True(batch.TryAddMessage(new ServiceBusMessage($"{number}") { ApplicationProperties = { ["number"] = number } }));

        await sender.SendMessagesAsync(batch, TestContext.Current.CancellationToken);

        await using var receiver = emulator.Client.CreateReceiver(queue, new ServiceBusReceiverOptions { PrefetchCount = 50 });
        var bodies = new List<string>();
        while (bodies.Count < 50)
        {
            foreach (var message in await receiver.ReceiveMessagesAsync(50, cancellationToken: TestContext.Current.CancellationToken))
            {
                bodies.Add(message.Body.ToString());
                await receiver.CompleteMessageAsync(message, TestContext.Current.CancellationToken);
            }
        }

        Assert.Equal(Enumerable.Range(0, 50).Select(number => $"{number}"), bodies);
    }

    [Fact]
    public async Task Peek_Messages_ShowsThemWithoutTaking()
    {
        var queue = await emulator.CreateQueueAsync();
        await using var receiver = await SendAsync(queue, "a", "b", "c");

        var peeked = await receiver.PeekMessagesAsync(2, cancellationToken: TestContext.Current.CancellationToken);
        var rest = await receiver.PeekMessagesAsync(10, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["a", "b"], peeked.Select(message => message.Body.ToString()));
        Assert.Equal(["c"], rest.Select(message => message.Body.ToString()));
        Assert.Equal(0, peeked[0].DeliveryCount);
    }

    [Fact]
    public async Task Receive_LargeMessage_ComesInFrames()
    {
        var queue = await emulator.CreateQueueAsync();
        var body = new byte[200_000];
        Random.Shared.NextBytes(body);
        await using var sender = emulator.Client.CreateSender(queue);
        await sender.SendMessageAsync(new ServiceBusMessage(body), TestContext.Current.CancellationToken);

        await using var receiver = emulator.Client.CreateReceiver(queue);
        var message = await receiver.ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(message.Body.ToMemory().Span.SequenceEqual(body));
    }

    private async Task<ServiceBusReceiver> SendAsync(string queue, params string[] bodies)
    {
        await using var sender = emulator.Client.CreateSender(queue);
        foreach (var body in bodies)
            await sender.SendMessageAsync(new ServiceBusMessage(body), TestContext.Current.CancellationToken);
        return emulator.Client.CreateReceiver(queue);
    }

    private async Task<ServiceBusReceivedMessage> ReceiveDeadAsync(string queue)
    {
        await using var receiver = emulator.Client.CreateReceiver(
            queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter, ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete });
        return await receiver.ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken);
    }
}
