using Serverless.Contracts.Jobs;
using Serverless.Contracts.Queues;

namespace Serverless.Worker.Jobs;

/// <summary>Settings of work that comes over Service Bus, section <c>Jobs</c>. Without a Service Bus nothing of it runs.</summary>
internal sealed class JobOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Jobs";

    /// <summary>The pool whose queues this worker consumes; <c>default</c> unless set.</summary>
    public string Pool { get; set; } = ServiceBusQueues.DefaultPool;

    /// <summary>Shards run at once; 1 unless set, 1 to 64. The lines of one shard fill batches already.</summary>
    public int ShardsAtOnce { get; set; } = 1;

    /// <summary>Single requests run at once; 16 unless set, 1 to 1,000.</summary>
    public int RequestsAtOnce { get; set; } = 16;

    /// <summary>
    /// The most lines of a shard that run at once; 512 unless set, 1 to 10,000. As many run as are answered within some seconds, see
    /// <see cref="LineWindow"/>; half of what a model's queue takes.
    /// </summary>
    public int LinesInFlight { get; set; } = 512;

    /// <summary>Bytes of lines that run at once; 16 MiB unless set, 64 KiB at least. One line may always run.</summary>
    public long BytesInFlight { get; set; } = 16 << 20;

    /// <summary>How often finished lines are sealed; 10 s unless set, 0.1 s to 1 minute.</summary>
    public TimeSpan SegmentInterval { get; set; } = JobLimits.SegmentInterval;

    /// <summary>How long one message is kept before the rest goes on as a continuation; 4 minutes unless set, 1 s to 30 minutes.</summary>
    public TimeSpan MaxRun { get; set; } = JobLimits.MaxRun;
}
