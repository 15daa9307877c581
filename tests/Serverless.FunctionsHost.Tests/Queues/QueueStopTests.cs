using Azure.Storage.Queues;
using Serverless.FunctionsHost.Tests.Running;

namespace Serverless.FunctionsHost.Tests.Queues;

[Collection(HostCollection.Name)]
public sealed class QueueStopTests(HostFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_ToldToStopDuringMessage_GivesItBack()
    {
        var queue = await CreateAsync("stop-during-message");
        var host = await StartAsync(queue, ("FunctionsHost__DrainTimeout", "00:00:00.5"));
        await queue.SendMessageAsync("endless", Token);
        await host.EventsAsync("stubborn", 1, Token);
        await host.DisposeAsync();

        // Visible at once, though its lease was ten minutes.
        var message = (await queue.ReceiveMessageAsync(cancellationToken: Token)).Value;
        Assert.Equal("endless", message.MessageText);
        Assert.Equal(2, message.DequeueCount);
    }

    [Fact]
    public async Task Message_HadAllItsRunsUnderAHostThatWasKilled_GoesToPoisonWithoutAnother()
    {
        var queue = await CreateAsync("stop-exhausted");
        await queue.SendMessageAsync("exhausted", Token);
        for (var run = 1; run <= 3; run++)
        {
            var message = (await queue.ReceiveMessageAsync(cancellationToken: Token)).Value;
            await queue.UpdateMessageAsync(
                message.MessageId, message.PopReceipt, visibilityTimeout: TimeSpan.Zero, cancellationToken: Token);
        }

        await using var host = await StartAsync(queue);
        Assert.Equal("exhausted", await fixture.TakeAsync(fixture.Queue("stop-exhausted-poison"), Token));
        Assert.Empty(await host.EventsAsync("stubborn", 0, Token));
    }

    private async Task<QueueClient> CreateAsync(string name)
    {
        var queue = fixture.Queue(name);
        await queue.CreateIfNotExistsAsync(cancellationToken: Token);
        return queue;
    }

    private Task<HostUnderTest> StartAsync(QueueClient queue, params (string, string)[] settings) =>
        HostUnderTest.StartAsync(
        [
            ("AzureWebJobsStorage", fixture.StorageConnection),
            ("Queues__Stubborn", queue.Name),
            ("TickSchedule", "0 0 0 1 1 *"),
            .. settings,
        ]);
}
