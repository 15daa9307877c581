using System.Text.Json;
using System.Xml;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Queues;
using Serverless.ServiceBusEmulator.Topics;
using static Serverless.ServiceBusEmulator.Configuration.ConfigDocument;

namespace Serverless.ServiceBusEmulator.Configuration;

/// <summary>Reads Config.json into entity descriptions, topics before their subscriptions.</summary>
internal static class ConfigFile
{
    // The largest namespace that Azure allows declares far less.
    private const long MaxBytes = 16 * 1024 * 1024;

    public static List<EntityDescription> Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new ConfigException($"The configuration '{path}' does not exist.");
        if (file.Length > MaxBytes)
            throw new ConfigException($"The configuration '{path}' has {file.Length} bytes; at most {MaxBytes} are read.");
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is JsonException or ConfigException)
        {
            throw new ConfigException($"The configuration '{path}' cannot be used: {exception.Message}");
        }
    }

    public static List<EntityDescription> Parse(ReadOnlySpan<byte> json)
    {
        var document = JsonSerializer.Deserialize(json, ConfigJson.Default.ConfigDocument);
        var namespaces = document?.UserConfig?.Namespaces
            ?? throw new ConfigException("'UserConfig:Namespaces' is missing.");
        if (namespaces.Count != 1)
            throw new ConfigException($"'UserConfig:Namespaces' has {namespaces.Count} entries; one emulator is one namespace.");

        var entities = namespaces[0].Queues.Select(queue => Describe(EntityKind.Queue, Name(queue, "Queues"), queue)).ToList();
        foreach (var topic in namespaces[0].Topics)
        {
            var name = Name(topic, "Topics");
            entities.Add(Describe(EntityKind.Topic, name, topic));
            entities.AddRange(topic.Subscriptions.Select(subscription => Describe(
                EntityKind.Subscription, EntityDescription.SubscriptionPath(name, Name(subscription, $"Topics:{name}:Subscriptions")),
                subscription)));
        }

        return entities;
    }

    private static EntityDescription Describe(EntityKind kind, string path, ConfigEntity entity) => new()
    {
        Kind = kind,
        Path = path,
        Options = Options(path, entity.Properties ?? new ConfigProperties()),
        Rules = [.. entity.Rules.Select(rule => Rule(path, rule))],
    };

    private static QueueOptions Options(string path, ConfigProperties properties)
    {
        var defaults = new QueueOptions();
        return new QueueOptions
        {
            LockDuration = Duration(path, nameof(properties.LockDuration), properties.LockDuration) ?? defaults.LockDuration,
            MaxDeliveryCount = properties.MaxDeliveryCount ?? defaults.MaxDeliveryCount,
            RequiresSession = properties.RequiresSession ?? false,
            DefaultMessageTimeToLive =
                Duration(path, nameof(properties.DefaultMessageTimeToLive), properties.DefaultMessageTimeToLive)
                ?? defaults.DefaultMessageTimeToLive,
            DeadLetteringOnMessageExpiration = properties.DeadLetteringOnMessageExpiration ?? false,
            RequiresDuplicateDetection = properties.RequiresDuplicateDetection ?? false,
            DuplicateDetectionHistoryTimeWindow =
                Duration(path, nameof(properties.DuplicateDetectionHistoryTimeWindow), properties.DuplicateDetectionHistoryTimeWindow)
                ?? defaults.DuplicateDetectionHistoryTimeWindow,
            ForwardTo = NullIfEmpty(properties.ForwardTo),
            ForwardDeadLetteredMessagesTo = NullIfEmpty(properties.ForwardDeadLetteredMessagesTo),
            MaxMessageSizeInKilobytes = properties.MaxMessageSizeInKilobytes ?? defaults.MaxMessageSizeInKilobytes,
            MaxSizeInMegabytes = properties.MaxSizeInMegabytes ?? defaults.MaxSizeInMegabytes,
        };
    }

    private static RuleDescription Rule(string path, ConfigRule rule)
    {
        var name = rule.Name ?? throw new ConfigException($"A rule of '{path}' has no 'Name'.");
        var properties = rule.Properties ?? new ConfigRuleProperties();
        var description = new RuleDescription { Name = name, SqlAction = NullIfEmpty(properties.Action?.SqlExpression) };
        return properties.FilterType?.ToUpperInvariant() switch
        {
            "SQL" => description with
            {
                Kind = RuleFilterKind.Sql,
                SqlExpression = properties.SqlFilter?.SqlExpression
                    ?? throw new ConfigException($"The rule '{name}' of '{path}' has no 'SqlFilter:SqlExpression'."),
            },
            "CORRELATION" => description with
            {
                Kind = RuleFilterKind.Correlation,
                Correlation = Correlation(properties.CorrelationFilter ?? new ConfigCorrelation()),
            },
            null => description,
            var other => throw new ConfigException(
                $"The rule '{name}' of '{path}' has FilterType '{other}'; Sql and Correlation are allowed."),
        };
    }

    private static CorrelationFilter Correlation(ConfigCorrelation filter) => new()
    {
        ContentType = filter.ContentType,
        CorrelationId = filter.CorrelationId,
        Label = filter.Label,
        MessageId = filter.MessageId,
        ReplyTo = filter.ReplyTo,
        ReplyToSessionId = filter.ReplyToSessionId,
        SessionId = filter.SessionId,
        To = filter.To,
        Properties = filter.Properties?.ToDictionary(property => property.Key, property => Value(property.Value))
            ?? new Dictionary<string, PropertyValue>(),
    };

    private static PropertyValue Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => PropertyValue.Of(element.GetBoolean()),
        JsonValueKind.Number when element.TryGetInt64(out var whole) => PropertyValue.Of(whole),
        JsonValueKind.Number => PropertyValue.Of(element.GetDouble()),
        _ => PropertyValue.Of(element.ToString()),
    };

    private static string Name(ConfigEntity entity, string where) =>
        NullIfEmpty(entity.Name) ?? throw new ConfigException($"An entry of '{where}' has no 'Name'.");

    private static TimeSpan? Duration(string path, string setting, string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? null : XmlConvert.ToTimeSpan(text);
        }
        catch (FormatException)
        {
            throw new ConfigException($"'{path}' has {setting} '{text}', which is not an ISO 8601 duration such as PT1M.");
        }
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
