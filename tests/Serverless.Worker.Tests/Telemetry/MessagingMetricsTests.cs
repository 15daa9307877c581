using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Serverless.Contracts.Telemetry;
using Serverless.Telemetry;

namespace Serverless.Worker.Tests.Telemetry;

public sealed class MessagingMetricsTests
{
    [Fact]
    public async Task Send_OneThatLeavesAndOneThatDoesNot_AreBothCounted()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var metrics = new MessagingMetrics(meters);
        using var sent = new MetricCollector<long>(meters, MetricNames.MessagingMeter, MetricNames.MessagingSent);

        await metrics.SendAsync(MessagingMetrics.ServiceBus, "shards", Task.CompletedTask);
        await Assert.ThrowsAsync<TimeoutException>(
            () => metrics.SendAsync(MessagingMetrics.StorageQueue, "events", Task.FromException(new TimeoutException())));

        var (first, second) = (sent.GetMeasurementSnapshot()[0], sent.GetMeasurementSnapshot()[1]);
        Assert.Equal(
            ("servicebus", "send", "shards"),
            (first.Tags["messaging.system"], first.Tags["messaging.operation.name"], first.Tags["messaging.destination.name"]));
        Assert.False(first.Tags.ContainsKey("error.type"));
        Assert.Equal(("azure_storage_queue", nameof(TimeoutException)), (second.Tags["messaging.system"], second.Tags["error.type"]));
    }
}
