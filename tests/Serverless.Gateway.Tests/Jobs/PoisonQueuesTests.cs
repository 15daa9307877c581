using System.Text.Json;
using Azure.Storage.Queues;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Async;
using Serverless.Gateway.Batches.Maintenance;

namespace Serverless.Gateway.Tests.Jobs;

/// <summary>What maintenance makes of the messages of jobs that the host gave up.</summary>
[Collection(JobsCollection.Name)]
public sealed class PoisonQueuesTests(JobsFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_EventsAndValidations_AreDroppedAndTheirBatchEndsAllTheSame()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.CreateAsync();
        await MoveAsync(QueueNames.BatchValidations);
        fixture.Time.Advance(TimeSpan.FromMinutes(2));
        await RunAsync();
        await fixture.MaintainAsync();
        await fixture.PumpAsync();
        await batch.AssertStatusAsync("in_progress");
        while (await batch.Worker.ReceiveAsync(batch.Id) is { } received)
        {
            await batch.Worker.WriteAsync(received.Shard, received.Shard.Lines);
            await batch.Worker.ReportAsync(received.Shard, BatchEventKind.Done);
            await batch.Worker.CompleteAsync(received.Message);
        }

        await MoveAsync(QueueNames.BatchEvents);
        await RunAsync();
        await fixture.MaintainAsync();

        await batch.AssertAllAnsweredAsync();
        Assert.Equal(0, await CountAsync(Poison(QueueNames.BatchEvents)));
        Assert.Equal(0, await CountAsync(Poison(QueueNames.BatchValidations)));
    }

    [Fact]
    public async Task Run_EventThatAnOperationWasAnswered_HasItsCallerTold()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var operations = fixture.Get<OperationStore>();
        var row = new OperationRow
        {
            PartitionKey = "t-alice",
            RowKey = "op_" + Guid.NewGuid().ToString("N"),
            WebhookUrl = receiver.Url,
            CallerName = "alice",
            CreatedAt = fixture.Time.GetUtcNow(),
            ExpiresAt = fixture.Time.GetUtcNow().AddDays(1),
        };
        await operations.TryAddAsync(row, Token);
        await operations.TryAnswerAsync(row.Id, new Contracts.Errors.InferenceError(Contracts.Errors.ErrorKind.Internal, "lost"), "/v1/embeddings", Token);
        await SendAsync(QueueNames.BatchEvents, JsonSerializer.Serialize(
            new BatchEvent(row.Id, BatchEventKind.Answered, Owner: "t-alice"), JobJson.Default.BatchEvent));
        await SendAsync(QueueNames.BatchEvents, "not of ours");

        Assert.Equal(2, await RunAsync());
        await fixture.DeliverWebhooksAsync();

        Assert.Equal(("async.operation.failed", row.Id), (Assert.Single(receiver.Hooks).Type, receiver.Hooks[0].Subject));
    }

    [Fact]
    public async Task Run_Webhook_IsPutBackForLater()
    {
        var queue = fixture.Storage.Queue(QueueNames.BatchWebhooks);
        await queue.ClearMessagesAsync(Token);
        await SendAsync(QueueNames.BatchWebhooks, """{"id":"batch_1","status":"completed","attempt":3}""");

        Assert.Equal(1, await RunAsync());

        Assert.Equal((0, 1), (await CountAsync(Poison(QueueNames.BatchWebhooks)), await CountAsync(queue)));
        Assert.Empty((await queue.PeekMessagesAsync(32, Token)).Value);
        await queue.ClearMessagesAsync(Token);
    }

    private Task<int> RunAsync() => fixture.Get<PoisonQueues>().RunAsync(Token);

    private QueueClient Poison(string queue) => fixture.Storage.Queue(queue + QueueNames.PoisonSuffix);

    /// <summary>What the host does with a message that failed as often as it may.</summary>
    private Task<int> MoveAsync(string queue) => fixture.PumpAsync(queue, text => SendAsync(queue, text));

    private async Task SendAsync(string queue, string text)
    {
        await Poison(queue).CreateIfNotExistsAsync(cancellationToken: Token);
        await Poison(queue).SendMessageAsync(text, Token);
    }

    private static async Task<int> CountAsync(QueueClient queue) => (await queue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount;
}
