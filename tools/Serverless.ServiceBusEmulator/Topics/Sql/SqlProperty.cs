using Serverless.ServiceBusEmulator.Messages;

namespace Serverless.ServiceBusEmulator.Topics.Sql;

/// <summary>A property of the message: an application property, or with the scope sys one of the broker's.</summary>
internal sealed record SqlProperty(string Name, bool IsSystem) : SqlNode
{
    private static readonly Dictionary<string, Func<MessageDraft, string?>> SystemReaders = new(StringComparer.OrdinalIgnoreCase)
    {
        ["MessageId"] = message => message.Properties.MessageId?.ToString(),
        ["CorrelationId"] = message => message.Properties.CorrelationId?.ToString(),
        ["Label"] = message => message.Properties.Subject,
        ["Subject"] = message => message.Properties.Subject,
        ["To"] = message => message.Properties.To?.ToString(),
        ["ReplyTo"] = message => message.Properties.ReplyTo?.ToString(),
        ["SessionId"] = message => message.Properties.GroupId,
        ["ReplyToSessionId"] = message => message.Properties.ReplyToGroupId,
        ["ContentType"] = message => message.Properties.ContentType.Value,
    };

    private static readonly Dictionary<string, Action<MessageDraft, string?>> SystemWriters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CorrelationId"] = (message, value) => message.Properties.CorrelationId = value is null ? null : value,
        ["Label"] = (message, value) => message.Properties.Subject = value,
        ["Subject"] = (message, value) => message.Properties.Subject = value,
        ["To"] = (message, value) => message.Properties.To = value is null ? null : value,
        ["ReplyTo"] = (message, value) => message.Properties.ReplyTo = value is null ? null : value,
        ["SessionId"] = (message, value) => message.Properties.GroupId = value,
        ["ReplyToSessionId"] = (message, value) => message.Properties.ReplyToGroupId = value,
        ["ContentType"] = (message, value) => message.Properties.ContentType = value,
    };

    public static bool IsKnownSystemName(string name) => SystemReaders.ContainsKey(name);

    public bool IsWritable => !IsSystem || SystemWriters.ContainsKey(Name);

    public static string SystemNames => string.Join(", ", SystemReaders.Keys);

    public override object? Evaluate(MessageDraft message) =>
        IsSystem ? SystemReaders[Name](message) : message.ApplicationProperties.Map[Name];

    public void Write(MessageDraft message, object? value)
    {
        if (IsSystem)
            SystemWriters[Name](message, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
        else
            message.ApplicationProperties.Map[Name] = value;
    }

    public void Remove(MessageDraft message)
    {
        if (IsSystem)
            SystemWriters[Name](message, null);
        else
            message.ApplicationProperties.Map.TryRemoveValue<object>(Name, out _);
    }
}
