using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Queues;

namespace Serverless.ServiceBusEmulator.Administration;

/// <summary>Queues, topics and subscriptions as XML.</summary>
internal static class EntityXml
{
    public static string ElementName(EntityKind kind) => kind switch
    {
        EntityKind.Queue => "QueueDescription",
        EntityKind.Topic => "TopicDescription",
        _ => "SubscriptionDescription",
    };

    public static XElement Write(Entity entity)
    {
        var description = entity.Description;
        return Atom.Entry(NameOf(description), new XElement(
            Atom.ServiceBus + ElementName(description.Kind), WriteOptions(description), WriteRuntime(entity)));
    }

    /// <summary>Reads options over the given ones: what the client leaves out stays as it is.</summary>
    public static QueueOptions Read(XElement element, QueueOptions options)
    {
        try
        {
            return element.Elements().Aggregate(options, (read, setting) => Apply(read, setting.Name.LocalName, setting.Value));
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException)
        {
            throw new BrokerException(BrokerError.InvalidArgument, $"The description cannot be read: {exception.Message}");
        }
    }

    private static QueueOptions Apply(QueueOptions options, string name, string value) => name switch
    {
        "LockDuration" => options with { LockDuration = XmlConvert.ToTimeSpan(value) },
        "MaxSizeInMegabytes" => options with { MaxSizeInMegabytes = long.Parse(value, CultureInfo.InvariantCulture) },
        "RequiresDuplicateDetection" => options with { RequiresDuplicateDetection = XmlConvert.ToBoolean(value) },
        "RequiresSession" => options with { RequiresSession = XmlConvert.ToBoolean(value) },
        "DefaultMessageTimeToLive" => options with { DefaultMessageTimeToLive = XmlConvert.ToTimeSpan(value) },
        "DeadLetteringOnMessageExpiration" => options with { DeadLetteringOnMessageExpiration = XmlConvert.ToBoolean(value) },
        "DeadLetteringOnFilterEvaluationExceptions" =>
            options with { DeadLetteringOnFilterEvaluationExceptions = XmlConvert.ToBoolean(value) },
        "DuplicateDetectionHistoryTimeWindow" => options with { DuplicateDetectionHistoryTimeWindow = XmlConvert.ToTimeSpan(value) },
        "MaxDeliveryCount" => options with { MaxDeliveryCount = int.Parse(value, CultureInfo.InvariantCulture) },
        "EnableBatchedOperations" => options with { EnableBatchedOperations = XmlConvert.ToBoolean(value) },
        "Status" => options with { Status = Enum.Parse<EntityStatus>(value, ignoreCase: true) },
        "ForwardTo" => options with { ForwardTo = PathOf(value) },
        "ForwardDeadLetteredMessagesTo" => options with { ForwardDeadLetteredMessagesTo = PathOf(value) },
        "UserMetadata" => options with { UserMetadata = value },
        "AutoDeleteOnIdle" => options with { AutoDeleteOnIdle = XmlConvert.ToTimeSpan(value) },
        "MaxMessageSizeInKilobytes" => options with { MaxMessageSizeInKilobytes = long.Parse(value, CultureInfo.InvariantCulture) },
        _ => options,
    };

    private static IEnumerable<XElement> WriteOptions(EntityDescription description)
    {
        var options = description.Options;
        yield return Setting("LockDuration", options.LockDuration);
        yield return Setting("MaxSizeInMegabytes", options.MaxSizeInMegabytes);
        yield return Setting("RequiresDuplicateDetection", options.RequiresDuplicateDetection);
        yield return Setting("RequiresSession", options.RequiresSession);
        yield return Setting("DefaultMessageTimeToLive", options.DefaultMessageTimeToLive);
        yield return Setting("DeadLetteringOnMessageExpiration", options.DeadLetteringOnMessageExpiration);
        if (description.Kind == EntityKind.Subscription)
            yield return Setting("DeadLetteringOnFilterEvaluationExceptions", options.DeadLetteringOnFilterEvaluationExceptions);
        yield return Setting("DuplicateDetectionHistoryTimeWindow", options.DuplicateDetectionHistoryTimeWindow);
        yield return Setting("MaxDeliveryCount", options.MaxDeliveryCount);
        yield return Setting("EnableBatchedOperations", options.EnableBatchedOperations);
        yield return Setting("Status", options.Status.ToString());
        if (options.ForwardTo is { } forwardTo)
            yield return Setting("ForwardTo", forwardTo);
        if (options.ForwardDeadLetteredMessagesTo is { } deadLettersTo)
            yield return Setting("ForwardDeadLetteredMessagesTo", deadLettersTo);
        if (options.UserMetadata is { } metadata)
            yield return Setting("UserMetadata", metadata);
        yield return Setting("AutoDeleteOnIdle", options.AutoDeleteOnIdle);
        yield return Setting("MaxMessageSizeInKilobytes", options.MaxMessageSizeInKilobytes);
    }

    private static IEnumerable<XElement> WriteRuntime(Entity entity)
    {
        var runtime = EntityRuntime.Of(entity);
        yield return Setting("CreatedAt", entity.Description.CreatedAt.UtcDateTime);
        yield return Setting("UpdatedAt", entity.Description.UpdatedAt.UtcDateTime);
        yield return Setting("AccessedAt", entity.Description.UpdatedAt.UtcDateTime);
        yield return Setting("SizeInBytes", runtime.SizeBytes);
        yield return Setting("MessageCount", runtime.Total);
        if (entity is TopicEntity topic)
            yield return Setting("SubscriptionCount", topic.Subscriptions.Count);
        yield return new XElement(
            Atom.ServiceBus + "CountDetails",
            Setting("ActiveMessageCount", runtime.Active),
            Setting("DeadLetterMessageCount", runtime.DeadLettered),
            Setting("ScheduledMessageCount", runtime.Scheduled),
            Setting("TransferMessageCount", 0),
            Setting("TransferDeadLetterMessageCount", 0));
    }

    private static XElement Setting(string name, object value) => new(Atom.ServiceBus + name, value);

    private static string NameOf(EntityDescription description) =>
        description.Kind == EntityKind.Subscription
            ? description.Path[(description.Path.LastIndexOf('/') + 1)..]
            : description.Path;

    // Clients send the absolute address of the target.
    private static string? PathOf(string value) => string.IsNullOrWhiteSpace(value) ? null
        : Uri.TryCreate(value, UriKind.Absolute, out var uri) && !uri.IsFile ? Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'))
        : value.Trim('/');
}
