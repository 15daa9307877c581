using Serverless.ServiceBusEmulator.Entities;

namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>What can be set on a queue or a subscription; the defaults are Azure's.</summary>
internal sealed record QueueOptions
{
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromMinutes(1);

    public int MaxDeliveryCount { get; init; } = 10;

    public bool RequiresSession { get; init; }

    public TimeSpan DefaultMessageTimeToLive { get; init; } = TimeSpan.MaxValue;

    public bool DeadLetteringOnMessageExpiration { get; init; }

    public bool DeadLetteringOnFilterEvaluationExceptions { get; init; } = true;

    public bool RequiresDuplicateDetection { get; init; }

    public TimeSpan DuplicateDetectionHistoryTimeWindow { get; init; } = TimeSpan.FromMinutes(1);

    public string? ForwardTo { get; init; }

    public string? ForwardDeadLetteredMessagesTo { get; init; }

    public long MaxSizeInMegabytes { get; init; } = 1024;

    public long MaxMessageSizeInKilobytes { get; init; } = 256;

    public EntityStatus Status { get; init; } = EntityStatus.Active;

    public TimeSpan AutoDeleteOnIdle { get; init; } = TimeSpan.MaxValue;

    public string? UserMetadata { get; init; }

    public bool EnableBatchedOperations { get; init; } = true;
}
