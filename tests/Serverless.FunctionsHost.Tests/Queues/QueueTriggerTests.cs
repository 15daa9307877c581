using Azure.Storage.Queues;
using Serverless.FunctionsHost.Tests.Running;

namespace Serverless.FunctionsHost.Tests.Queues;

[Collection(HostCollection.Name)]
public sealed class QueueTriggerTests(HostFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Message_FunctionReturnsValue_GoesToOutputQueueAndIsDeleted()
    {
        var queue = await SendAsync("sample-work", "task");

        Assert.StartsWith("task run 1 id 36", await fixture.TakeAsync(fixture.Queue("sample-done"), Token), StringComparison.Ordinal);
        await WaitUntilEmptyAsync(queue);
    }

    [Fact]
    public async Task Message_FunctionFails_RunsAsOftenAsAllowedThenGoesToPoison()
    {
        var queue = await SendAsync("sample-throw", "bad");

        Assert.Equal("bad", await fixture.TakeAsync(fixture.Queue("sample-throw-poison"), Token));
        await WaitUntilEmptyAsync(queue);
        Assert.Equal(["1", "2", "3"], (await fixture.Host.EventsAsync("throw", 3, Token)).Select(e => e.Detail));
    }

    [Fact]
    public async Task Message_NotInTheQueuesEncoding_GoesToPoisonAsItIsAndOthersRun()
    {
        var raw = fixture.Queue("sample-work", QueueMessageEncoding.None);
        await raw.CreateIfNotExistsAsync(cancellationToken: Token);
        await raw.SendMessageAsync("not base64!", Token);
        await SendAsync("sample-work", "after a bad one");

        Assert.Equal("not base64!", await fixture.TakeAsync(fixture.Queue("sample-work-poison", QueueMessageEncoding.None), Token));
        Assert.StartsWith("after a bad one", await fixture.TakeAsync(fixture.Queue("sample-done"), Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_FunctionOutlivesLease_RunsOnce()
    {
        // The fixture's lease is 2 s.
        var queue = await SendAsync("sample-slow", "3500");

        Assert.Equal("3500", await fixture.TakeAsync(fixture.Queue("sample-slow-done"), Token));
        await WaitUntilEmptyAsync(queue);
        Assert.Single(await fixture.Host.EventsAsync("slow", 1, Token));
    }

    [Fact]
    public async Task Message_WorkerKilledWhileItRuns_RunsAgainOnTheNextWorker()
    {
        var queue = await SendAsync("sample-stubborn", "stubborn");
        await fixture.Host.EventsAsync("stubborn", 1, Token);
        var killed = (await fixture.Host.StatusAsync(Token)).WorkerProcessId!.Value;
        ProcessProbe.Kill(killed);

        Assert.Equal("stubborn run 2", await fixture.TakeAsync(fixture.Queue("sample-stubborn-done"), Token));
        await WaitUntilEmptyAsync(queue);
        Assert.NotEqual(killed, (await fixture.Host.StatusAsync(Token)).WorkerProcessId);
    }

    private async Task<QueueClient> SendAsync(string name, string text)
    {
        var queue = fixture.Queue(name);
        await queue.CreateIfNotExistsAsync(cancellationToken: Token);
        await queue.SendMessageAsync(text, Token);
        return queue;
    }

    private static async Task WaitUntilEmptyAsync(QueueClient queue)
    {
        // The count includes messages that are hidden while they run.
        while ((await queue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount > 0) await Task.Delay(50, Token);
    }
}
