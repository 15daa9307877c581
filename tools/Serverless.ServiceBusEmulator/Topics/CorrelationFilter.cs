using Serverless.ServiceBusEmulator.Messages;

namespace Serverless.ServiceBusEmulator.Topics;

/// <summary>Matches when every part that is set equals the message's.</summary>
internal sealed record CorrelationFilter
{
    public string? CorrelationId { get; init; }

    public string? MessageId { get; init; }

    public string? To { get; init; }

    public string? ReplyTo { get; init; }

    public string? Label { get; init; }

    public string? SessionId { get; init; }

    public string? ReplyToSessionId { get; init; }

    public string? ContentType { get; init; }

    public IReadOnlyDictionary<string, PropertyValue> Properties { get; init; } = new Dictionary<string, PropertyValue>();

    public bool Matches(MessageDraft message)
    {
        var properties = message.Properties;
        return Same(CorrelationId, properties.CorrelationId?.ToString())
            && Same(MessageId, properties.MessageId?.ToString())
            && Same(To, properties.To?.ToString())
            && Same(ReplyTo, properties.ReplyTo?.ToString())
            && Same(Label, properties.Subject)
            && Same(SessionId, properties.GroupId)
            && Same(ReplyToSessionId, properties.ReplyToGroupId)
            && Same(ContentType, properties.ContentType.Value)
            && Properties.All(wanted => SqlCompare.AreEqual(
                wanted.Value.ToObject(), message.ApplicationProperties.Map[wanted.Key]) == true);
    }

    private static bool Same(string? wanted, string? actual) =>
        string.IsNullOrEmpty(wanted) || string.Equals(wanted, actual, StringComparison.Ordinal);
}
