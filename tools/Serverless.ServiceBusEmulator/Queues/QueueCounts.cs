namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>Written on the loop, read from anywhere: a reader may see a value one message old.</summary>
internal sealed class QueueCounts
{
    public long Active { get; set; }

    public long Scheduled { get; set; }

    public long Deferred { get; set; }

    public long SizeBytes { get; set; }

    public long Received { get; set; }

    public long Delivered { get; set; }

    public long Completed { get; set; }

    public long Total => Active + Scheduled + Deferred;
}
