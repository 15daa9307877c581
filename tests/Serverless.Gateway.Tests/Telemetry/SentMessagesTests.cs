using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Serverless.Contracts.Queues;
using Serverless.Contracts.Telemetry;
using Serverless.Gateway.Tests.Jobs;

namespace Serverless.Gateway.Tests.Telemetry;

/// <summary>What is counted of the messages that the gateway sends.</summary>
[Collection(JobsCollection.Name)]
public sealed class SentMessagesTests(JobsFixture fixture)
{
    [Fact]
    public async Task Batch_UntilItsShardsAreReleased_CountsEachMessageByItsQueue()
    {
        // What other tests have left in the queues is sent before.
        await fixture.PumpAsync();
        using var sent = new MetricCollector<long>(fixture.Get<IMeterFactory>(), MetricNames.MessagingMeter, MetricNames.MessagingSent);
        await using var batch = new BatchScenario(fixture);

        await batch.StartAsync(lines: 6);

        var counts = sent.GetMeasurementSnapshot().CountBy(message => (
            message.Tags["messaging.system"], message.Tags["messaging.destination.name"], message.Tags["messaging.operation.name"]));
        var found = counts.ToDictionary(count => count.Key, count => count.Value);
        Assert.Equal(1, found[("azure_storage_queue", QueueNames.BatchValidations, "send")]);
        Assert.Equal(3, found[("servicebus", ServiceBusQueues.Shards, "send")]);
        Assert.DoesNotContain(sent.GetMeasurementSnapshot(), message => message.Tags.ContainsKey("error.type"));
        await batch.Worker.RunAllAsync(batch.Id);
    }
}
