using System.Diagnostics.Metrics;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Serverless.Contracts.Queues;
using Serverless.Contracts.Telemetry;

namespace Serverless.Worker.Tests.Jobs;

/// <summary>Whole workers that take shards from the emulator by themselves.</summary>
[Collection(JobCollection.Name)]
public sealed class ShardConsumerTests(JobFixture fixture)
{
    private const int SlowCount = 4_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_InMidShard_SealsWhatIsFinishedAndSendsTheRest()
    {
        var shard = await Shard.CreateAsync(fixture, lines: 200, SlowCount);
        await using (var first = await fixture.StartConsumerAsync(shard.Pool))
        {
            using var sent = new MetricCollector<long>(
                first.Services.GetRequiredService<IMeterFactory>(), MetricNames.MessagingMeter, MetricNames.MessagingSent);
            await shard.WaitAsync(all: false);
            await first.StopAsync();
            var message = Assert.Single(sent.GetMeasurementSnapshot(), message => Equals(message.Tags["messaging.system"], "servicebus"));
            Assert.Equal(ServiceBusQueues.ShardsOf(shard.Pool), message.Tags["messaging.destination.name"]);
        }

        var left = await shard.ChainAsync();
        var epoch = await shard.EpochAsync();
        await using var second = await fixture.StartConsumerAsync(shard.Pool);
        await shard.WaitAsync(all: true);

        Assert.InRange(left.Next - shard.Message.First, 1, 199);
        Assert.Equal(2, epoch);
        await shard.AssertAnsweredOnceAsync(SlowCount);
        await WaitUntilEmptyAsync(shard);
    }

    [Fact]
    public async Task Receive_RedeliveredAndDoubledMessages_AnswerEachLineOnce()
    {
        var shard = await Shard.CreateAsync(fixture, lines: 100, SlowCount);
        await using (var receiver = fixture.Client.CreateReceiver(ServiceBusQueues.ShardsOf(shard.Pool)))
        {
            // A delivery whose host is lost: the lock expires.
            Assert.NotNull(await receiver.ReceiveMessageAsync(cancellationToken: Token));
        }

        await shard.SendAsync(shard.Message with { Epoch = 0 });
        await using var first = await fixture.StartConsumerAsync(shard.Pool);
        await using var second = await fixture.StartConsumerAsync(shard.Pool);
        await shard.WaitAsync(all: true);

        await shard.AssertAnsweredOnceAsync(SlowCount);
        await WaitUntilEmptyAsync(shard);
    }

    [Fact]
    public async Task Receive_LockThatCannotBeRenewed_LeavesTheMessageToItsNextDelivery()
    {
        // More than the worker answers before it knows: 20 s of two cores.
        var shard = await Shard.CreateAsync(fixture, lines: 2400, SlowCount);
        await using var worker = await fixture.StartConsumerAsync(shard.Pool);
        using var handled = new MetricCollector<long>(
            worker.Services.GetRequiredService<IMeterFactory>(), MetricNames.WorkerMeter, MetricNames.JobShards);
        await shard.WaitAsync(all: false);

        await fixture.LoseLocksAsync(Token);
        await shard.WaitAsync(all: true);
        await WaitUntilEmptyAsync(shard);

        Assert.Equal(["lock_lost", "done"], handled.GetMeasurementSnapshot().Select(one => one.Tags["outcome"]));
        Assert.Equal(1, await shard.EpochAsync());
        await shard.AssertAnsweredOnceAsync(SlowCount);
    }

    [Fact]
    public async Task Receive_MessageThatIsNoShard_IsDeadLettered()
    {
        var shard = await Shard.CreateAsync(fixture, lines: 1);
        await using var sender = fixture.Client.CreateSender(ServiceBusQueues.ShardsOf(shard.Pool));
        await sender.SendMessageAsync(new ServiceBusMessage("{\"batch\":null}"), Token);
        await using var worker = await fixture.StartConsumerAsync(shard.Pool);

        await using var dead = fixture.Client.CreateReceiver(
            ServiceBusQueues.ShardsOf(shard.Pool), new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        var message = await dead.ReceiveMessageAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Equal("InvalidRequest", message?.DeadLetterReason);
    }

    private static async Task WaitUntilEmptyAsync(Shard shard)
    {
        for (var i = 0; !await shard.IsQueueEmptyAsync(); i++)
        {
            Assert.True(i < 100, "A message was left in the queue.");
            await Task.Delay(100, Token);
        }
    }
}
