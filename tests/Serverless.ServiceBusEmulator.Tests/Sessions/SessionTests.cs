using Azure.Messaging.ServiceBus;
using Serverless.ServiceBusEmulator.Queues;

namespace Serverless.ServiceBusEmulator.Tests.Sessions;

public sealed class SessionTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AcceptSession_ByName_GetsItsMessagesInOrder()
    {
        var queue = await CreateAsync();
        await SendAsync(queue, ("a", "1"), ("b", "2"), ("a", "3"));

        await using var receiver = await emulator.Client.AcceptSessionAsync(queue, "a", cancellationToken: Cancelled);
        var first = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);
        var second = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);

        Assert.Equal("a", receiver.SessionId);
        Assert.Equal(["1", "3"], [first.Body.ToString(), second.Body.ToString()]);
        await receiver.CompleteMessageAsync(first, Cancelled);
        await receiver.CompleteMessageAsync(second, Cancelled);
        Assert.Null(await receiver.ReceiveMessageAsync(TimeSpan.FromMilliseconds(200), Cancelled));
    }

    [Fact]
    public async Task AcceptNextSession_Twice_GivesDifferentSessions()
    {
        var queue = await CreateAsync();
        await SendAsync(queue, ("a", "1"), ("b", "2"));

        await using var first = await emulator.Client.AcceptNextSessionAsync(queue, cancellationToken: Cancelled);
        await using var second = await emulator.Client.AcceptNextSessionAsync(queue, cancellationToken: Cancelled);

        Assert.Equal(["a", "b"], [first.SessionId, second.SessionId]);
    }

    [Fact]
    public async Task AcceptNextSession_NoneYet_WaitsForOne()
    {
        var queue = await CreateAsync();
        var accepting = emulator.Client.AcceptNextSessionAsync(queue, cancellationToken: Cancelled);

        await SendAsync(queue, ("late", "1"));

        await using var receiver = await accepting;
        Assert.Equal("late", receiver.SessionId);
    }

    [Fact]
    public async Task AcceptNextSession_NoneAtAll_TimesOut()
    {
        var queue = await CreateAsync();
        await using var client = new ServiceBusClient(
            emulator.Emulator.ConnectionString,
            new ServiceBusClientOptions { RetryOptions = new ServiceBusRetryOptions { MaxRetries = 0 } });
        var accepting = client.AcceptNextSessionAsync(queue, cancellationToken: Cancelled);

        var error = await Assert.ThrowsAsync<ServiceBusException>(
            () => emulator.AdvanceUntilAsync(accepting, TimeSpan.FromSeconds(10)));

        Assert.Equal(ServiceBusFailureReason.ServiceTimeout, error.Reason);
    }

    [Fact]
    public async Task AcceptSession_HeldByAnother_CannotBeLocked()
    {
        var queue = await CreateAsync();
        await using var first = await emulator.Client.AcceptSessionAsync(queue, "a", cancellationToken: Cancelled);

        var error = await Assert.ThrowsAsync<ServiceBusException>(
            () => emulator.Client.AcceptSessionAsync(queue, "a", cancellationToken: Cancelled));

        Assert.Equal(ServiceBusFailureReason.SessionCannotBeLocked, error.Reason);
    }

    [Fact]
    public async Task SessionState_Set_IsThereForTheNextReceiver()
    {
        var queue = await CreateAsync();
        await using (var first = await emulator.Client.AcceptSessionAsync(queue, "a", cancellationToken: Cancelled))
        {
            Assert.Null(await first.GetSessionStateAsync(Cancelled));
            await first.SetSessionStateAsync(new BinaryData("state"), Cancelled);
        }

        await using var second = await emulator.Client.AcceptSessionAsync(queue, "a", cancellationToken: Cancelled);

        Assert.Equal("state", (await second.GetSessionStateAsync(Cancelled)).ToString());
    }

    [Fact]
    public async Task CloseReceiver_HeldMessages_ReturnUncounted()
    {
        var queue = await CreateAsync();
        await SendAsync(queue, ("a", "1"), ("a", "2"));
        await using (var first = await emulator.Client.AcceptSessionAsync(queue, "a", cancellationToken: Cancelled))
            await first.ReceiveMessagesAsync(2, cancellationToken: Cancelled);

        await using var second = await emulator.Client.AcceptSessionAsync(queue, "a", cancellationToken: Cancelled);
        var message = await second.ReceiveMessageAsync(cancellationToken: Cancelled);

        Assert.Equal("1", message.Body.ToString());
        Assert.Equal(1, message.DeliveryCount);
    }

    [Fact]
    public async Task SessionLock_Expired_IsLostAndCounted()
    {
        var queue = await CreateAsync();
        await SendAsync(queue, ("a", "1"));
        await using var first = await emulator.Client.AcceptSessionAsync(queue, "a", cancellationToken: Cancelled);
        var message = await first.ReceiveMessageAsync(cancellationToken: Cancelled);

        emulator.Time.Advance(TimeSpan.FromMinutes(1));
        await using var second = await emulator.Client.AcceptNextSessionAsync(queue, cancellationToken: Cancelled);

        var again = await second.ReceiveMessageAsync(cancellationToken: Cancelled);
        Assert.Equal(2, again.DeliveryCount);
        await WaitUntil.TrueAsync(() => Task.FromResult(first.IsClosed));
        Assert.Equal(message.SequenceNumber, again.SequenceNumber);
    }

    [Fact]
    public async Task RenewSessionLock_HeldSession_Extends()
    {
        var queue = await CreateAsync();
        await using var receiver = await emulator.Client.AcceptSessionAsync(queue, "a", cancellationToken: Cancelled);
        var before = receiver.SessionLockedUntil;

        emulator.Time.Advance(TimeSpan.FromSeconds(30));
        await receiver.RenewSessionLockAsync(Cancelled);

        // AMQP's timestamps count milliseconds, the attach reply's ticks.
        Assert.Equal(30, (receiver.SessionLockedUntil - before).TotalSeconds, tolerance: 0.002);
    }

    [Fact]
    public async Task GetMessageSessions_OfQueue_ListsThoseWithMessagesOrNewState()
    {
        var queue = await CreateAsync();
        await SendAsync(queue, ("a", "1"), ("b", "2"));
        var before = emulator.Time.GetUtcNow();
        emulator.Time.Advance(TimeSpan.FromSeconds(1));
        await using (var session = await emulator.Client.AcceptSessionAsync(queue, "c", cancellationToken: Cancelled))
            await session.SetSessionStateAsync(new BinaryData("state"), Cancelled);

        var withMessages = await ListAsync(emulator.Client.GetMessageSessionsAsync(queue, Cancelled));
        var withNewState = await ListAsync(emulator.Client.GetMessageSessionsAsync(queue, before, Cancelled));

        Assert.Equal(["a", "b"], withMessages);
        Assert.Equal(["c"], withNewState);
    }

    [Fact]
    public async Task Defer_InSession_IsReceivedByNumber()
    {
        var queue = await CreateAsync();
        await SendAsync(queue, ("a", "1"));
        await using var receiver = await emulator.Client.AcceptSessionAsync(queue, "a", cancellationToken: Cancelled);
        var message = await receiver.ReceiveMessageAsync(cancellationToken: Cancelled);
        await receiver.DeferMessageAsync(message, cancellationToken: Cancelled);

        var deferred = await receiver.ReceiveDeferredMessageAsync(message.SequenceNumber, Cancelled);
        await receiver.CompleteMessageAsync(deferred, Cancelled);

        Assert.Null(await receiver.PeekMessageAsync(cancellationToken: Cancelled));
    }

    [Fact]
    public async Task SessionProcessor_ManySessions_KeepsOrderInEach()
    {
        var queue = await CreateAsync();
        await SendAsync(queue, [.. Enumerable.Range(0, 60).Select(number => ($"s{number % 6}", $"{number}"))]);
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<string, List<int>>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        await using var processor = emulator.Client.CreateSessionProcessor(
            queue,
            new ServiceBusSessionProcessorOptions { MaxConcurrentSessions = 3, SessionIdleTimeout = TimeSpan.FromMilliseconds(500) });
        processor.ProcessErrorAsync += _ => Task.CompletedTask;
        processor.ProcessMessageAsync += arguments =>
        {
            seen.GetOrAdd(arguments.SessionId, _ => []).Add(int.Parse(arguments.Message.Body.ToString(), null));
            if (Interlocked.Increment(ref count) == 60)
                done.TrySetResult();
            return Task.CompletedTask;
        };

        await processor.StartProcessingAsync(Cancelled);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
        await processor.StopProcessingAsync(Cancelled);

        Assert.Equal(6, seen.Count);
        Assert.All(seen.Values, numbers => Assert.Equal(numbers.Order(), numbers));
    }

    private static async Task<List<string>> ListAsync(IAsyncEnumerable<string> sessions)
    {
        var listed = new List<string>();
        await foreach (var session in sessions)
            listed.Add(session);
        return listed;
    }

    private Task<string> CreateAsync() => emulator.CreateQueueAsync(new QueueOptions { RequiresSession = true });

    private async Task SendAsync(string queue, params (string Session, string Body)[] messages)
    {
        await using var sender = emulator.Client.CreateSender(queue);
        await sender.SendMessagesAsync(
            messages.Select(message => new ServiceBusMessage(message.Body) { SessionId = message.Session }), Cancelled);
    }
}
