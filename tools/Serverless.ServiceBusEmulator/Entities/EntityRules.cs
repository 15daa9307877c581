using Serverless.ServiceBusEmulator.Queues;

namespace Serverless.ServiceBusEmulator.Entities;

/// <summary>What a description must satisfy before an entity is created or changed.</summary>
internal static class EntityRules
{
    // Azure: 260 characters for a queue or topic, 50 for a subscription.
    private const int MaxPathLength = 260;
    private const int MaxSubscriptionNameLength = 50;

    // Bounds what a stranger can make the process hold; far above Azure's Standard tier in use on one machine.
    private const int MaxEntities = 10_000;

    public static void Check(EntityDescription description, Broker broker)
    {
        CheckPath(description);
        CheckOptions(description);
        if (broker.Find(description.Path) is null && broker.Entities.Count() >= MaxEntities)
            throw new BrokerException(BrokerError.QuotaExceeded, $"The namespace holds {MaxEntities} entities, which is its limit.");
        foreach (var target in new[] { description.Options.ForwardTo, description.Options.ForwardDeadLetteredMessagesTo })
        {
            if (string.Equals(target, description.Path, StringComparison.OrdinalIgnoreCase))
                throw Invalid(description, "forwards to itself");
        }
    }

    private static void CheckPath(EntityDescription description)
    {
        var path = description.Path;
        if (path.Length is 0 or > MaxPathLength)
            throw Invalid(description, $"has a name of {path.Length} characters; 1 to {MaxPathLength} are allowed");
        if (path.IndexOfAny(['?', '#', '*', '\\', '@', ' ']) >= 0 || path.StartsWith('$'))
            throw Invalid(description, "has a character in its name that is not allowed: letters, digits, '.', '-', '_' and '/' are");
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (description.Kind == EntityKind.Subscription && name.Length > MaxSubscriptionNameLength)
            throw Invalid(description, $"has a name of {name.Length} characters; a subscription's may have {MaxSubscriptionNameLength}");
    }

    private static void CheckOptions(EntityDescription description)
    {
        var options = description.Options;
        // Azure's bounds, except that a lock may be as short as a second here: tests of expiry should not take long.
        Within(description, nameof(QueueOptions.LockDuration), options.LockDuration, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        Within(
            description, nameof(QueueOptions.DefaultMessageTimeToLive), options.DefaultMessageTimeToLive,
            TimeSpan.FromSeconds(1), TimeSpan.MaxValue);
        Within(
            description, nameof(QueueOptions.DuplicateDetectionHistoryTimeWindow), options.DuplicateDetectionHistoryTimeWindow,
            TimeSpan.FromSeconds(1), TimeSpan.FromDays(7));
        Within(description, nameof(QueueOptions.MaxDeliveryCount), options.MaxDeliveryCount, 1, 2000);
        Within(description, nameof(QueueOptions.MaxSizeInMegabytes), options.MaxSizeInMegabytes, 1, 81_920);
        Within(description, nameof(QueueOptions.MaxMessageSizeInKilobytes), options.MaxMessageSizeInKilobytes, 1, 102_400);
    }

    private static void Within<T>(EntityDescription description, string setting, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            throw Invalid(description, $"has {setting} {value}; {least} to {most} are allowed");
    }

    private static BrokerException Invalid(EntityDescription description, string what) =>
        new(BrokerError.InvalidArgument, $"The {description.Kind.ToString().ToLowerInvariant()} '{description.Path}' {what}.");
}
