using System.Diagnostics;
using System.Diagnostics.Metrics;
using Serverless.Contracts.Telemetry;

namespace Serverless.Telemetry;

/// <summary>Metrics of messages that are sent to queues and taken from them, by OpenTelemetry's semantic conventions for messaging.</summary>
public sealed class MessagingMetrics
{
    /// <summary>Service Bus, in the words of the conventions.</summary>
    public const string ServiceBus = "servicebus";

    /// <summary>A storage queue; the conventions name none.</summary>
    public const string StorageQueue = "azure_storage_queue";

    private readonly Counter<long> _sent;
    private readonly Counter<long> _consumed;
    private readonly Histogram<double> _duration;

    /// <summary>Creates the instruments.</summary>
    public MessagingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MetricNames.MessagingMeter);
        _sent = meter.CreateCounter<long>(MetricNames.MessagingSent, "{message}", "Messages that were sent, by system, queue and error.");
        _consumed = meter.CreateCounter<long>(MetricNames.MessagingConsumed, "{message}", "Messages that were delivered, by system and queue.");
        _duration = meter.CreateHistogram<double>(
            MetricNames.MessagingDuration,
            "s",
            "How long a message was worked on, by system, queue and error.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300] });
    }

    /// <summary>Waits until a message is sent, and counts it.</summary>
    /// <param name="system"><see cref="ServiceBus"/> or <see cref="StorageQueue"/>.</param>
    /// <param name="queue">Its queue.</param>
    /// <param name="sending">What sends it; why it fails is counted too.</param>
    public async Task SendAsync(string system, string queue, Task sending)
    {
        ArgumentNullException.ThrowIfNull(sending);
        string? error = null;
        try
        {
            await sending;
        }
        catch (Exception failure)
        {
            error = failure.GetType().Name;
            throw;
        }
        finally
        {
            _sent.Add(1, TagsOf("send", system, queue, error));
        }
    }

    /// <summary>Counts a message that was worked on.</summary>
    /// <param name="system"><see cref="ServiceBus"/> or <see cref="StorageQueue"/>.</param>
    /// <param name="queue">Its queue.</param>
    /// <param name="took">How long that took.</param>
    /// <param name="error">In a word why it was not done; null where it was.</param>
    public void Processed(string system, string queue, TimeSpan took, string? error)
    {
        var tags = TagsOf("process", system, queue, error);
        _consumed.Add(1, tags);
        _duration.Record(took.TotalSeconds, tags);
    }

    private static TagList TagsOf(string operation, string system, string queue, string? error)
    {
        var tags = new TagList
        {
            { "messaging.system", system }, { "messaging.operation.name", operation }, { "messaging.destination.name", queue },
        };
        if (error is not null)
            tags.Add("error.type", error);
        return tags;
    }
}
