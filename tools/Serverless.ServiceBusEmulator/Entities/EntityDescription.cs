using Serverless.ServiceBusEmulator.Queues;
using Serverless.ServiceBusEmulator.Topics;

namespace Serverless.ServiceBusEmulator.Entities;

/// <summary>An entity as it is declared, kept and reported. A topic's subscriptions are entities of their own.</summary>
internal sealed record EntityDescription
{
    public required EntityKind Kind { get; init; }

    /// <summary>For a subscription: topic/Subscriptions/name.</summary>
    public required string Path { get; init; }

    public QueueOptions Options { get; init; } = new();

    /// <summary>A subscription's rules; empty for the other kinds.</summary>
    public IReadOnlyList<RuleDescription> Rules { get; init; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public static string SubscriptionPath(string topic, string subscription) => $"{topic}/Subscriptions/{subscription}";
}
