using System.Text.Json;

namespace Serverless.ServiceBusEmulator.Configuration;

/// <summary>
/// The official emulator's Config.json, as far as it declares entities. Lists have setters, because generated readers give
/// init-only properties null where the file is silent.
/// </summary>
internal sealed record ConfigDocument
{
    public ConfigUser? UserConfig { get; init; }

    internal sealed record ConfigUser
    {
        public IReadOnlyList<ConfigNamespace> Namespaces { get; set; } = [];
    }

    internal sealed record ConfigNamespace
    {
        public string? Name { get; init; }

        public IReadOnlyList<ConfigEntity> Queues { get; set; } = [];

        public IReadOnlyList<ConfigEntity> Topics { get; set; } = [];
    }

    internal sealed record ConfigEntity
    {
        public string? Name { get; init; }

        public ConfigProperties? Properties { get; init; }

        public IReadOnlyList<ConfigEntity> Subscriptions { get; set; } = [];

        public IReadOnlyList<ConfigRule> Rules { get; set; } = [];
    }

    internal sealed record ConfigProperties
    {
        public bool? DeadLetteringOnMessageExpiration { get; init; }

        public string? DefaultMessageTimeToLive { get; init; }

        public string? DuplicateDetectionHistoryTimeWindow { get; init; }

        public string? ForwardTo { get; init; }

        public string? ForwardDeadLetteredMessagesTo { get; init; }

        public string? LockDuration { get; init; }

        public int? MaxDeliveryCount { get; init; }

        public bool? RequiresDuplicateDetection { get; init; }

        public bool? RequiresSession { get; init; }

        /// <summary>Not in the official file: the size limit of one message here, in KiB.</summary>
        public long? MaxMessageSizeInKilobytes { get; init; }

        /// <summary>Not in the official file: the size limit of the entity, in MB.</summary>
        public long? MaxSizeInMegabytes { get; init; }
    }

    internal sealed record ConfigRule
    {
        public string? Name { get; init; }

        public ConfigRuleProperties? Properties { get; init; }
    }

    internal sealed record ConfigRuleProperties
    {
        public string? FilterType { get; init; }

        public ConfigCorrelation? CorrelationFilter { get; init; }

        public ConfigSql? SqlFilter { get; init; }

        public ConfigSql? Action { get; init; }
    }

    internal sealed record ConfigSql
    {
        public string? SqlExpression { get; init; }
    }

    internal sealed record ConfigCorrelation
    {
        public string? ContentType { get; init; }

        public string? CorrelationId { get; init; }

        public string? Label { get; init; }

        public string? MessageId { get; init; }

        public string? ReplyTo { get; init; }

        public string? ReplyToSessionId { get; init; }

        public string? SessionId { get; init; }

        public string? To { get; init; }

        public Dictionary<string, JsonElement>? Properties { get; init; }
    }
}
