using Microsoft.Azure.Amqp.Encoding;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Topics;

namespace Serverless.ServiceBusEmulator.Amqp;

/// <summary>Rules as $management carries them: maps on the way in, described lists on the way out.</summary>
internal static class RuleCodec
{
    private const ulong SqlFilterCode = 0x0000_0013_7000_0006;
    private const ulong TrueFilterCode = 0x0000_0013_7000_0007;
    private const ulong FalseFilterCode = 0x0000_0013_7000_0008;
    private const ulong CorrelationFilterCode = 0x0000_0013_7000_0009;
    private const ulong RuleCode = 0x0000_0137_0000_0004;
    private const ulong EmptyActionCode = 0x0000_0137_0000_0005;
    private const ulong SqlActionCode = 0x0000_0137_0000_0006;

    public static RuleDescription Read(string name, AmqpMap map)
    {
        var rule = new RuleDescription
        {
            Name = name,
            SqlAction = (map[new MapKey("sql-rule-action")] as AmqpMap)?[new MapKey("expression")] as string,
        };
        if (map[new MapKey("correlation-filter")] is AmqpMap correlation)
            return rule with { Kind = RuleFilterKind.Correlation, Correlation = ReadCorrelation(correlation) };
        return (map[new MapKey("sql-filter")] as AmqpMap)?[new MapKey("expression")] is string sql
            ? rule with { Kind = RuleFilterKind.Sql, SqlExpression = sql }
            : throw new BrokerException(BrokerError.InvalidArgument, $"The rule '{name}' has neither a SQL nor a correlation filter.");
    }

    public static DescribedType Write(RuleDescription rule)
    {
        var action = rule.SqlAction is { Length: > 0 } sql
            ? Described(SqlActionCode, sql, 20)
            : Described(EmptyActionCode);
        return Described(RuleCode, WriteFilter(rule), action, rule.Name, rule.CreatedAt.UtcDateTime);
    }

    private static DescribedType WriteFilter(RuleDescription rule) => rule.Kind switch
    {
        RuleFilterKind.True => Described(TrueFilterCode),
        RuleFilterKind.False => Described(FalseFilterCode),
        RuleFilterKind.Sql => Described(SqlFilterCode, rule.SqlExpression, 20),
        _ => WriteCorrelation(rule.Correlation ?? new CorrelationFilter()),
    };

    private static DescribedType WriteCorrelation(CorrelationFilter filter)
    {
        var properties = new AmqpMap();
        foreach (var (name, value) in filter.Properties)
            properties[new MapKey(name)] = value.ToObject();
        return Described(
            CorrelationFilterCode, filter.CorrelationId, filter.MessageId, filter.To, filter.ReplyTo, filter.Label, filter.SessionId,
            filter.ReplyToSessionId, filter.ContentType, properties);
    }

    private static CorrelationFilter ReadCorrelation(AmqpMap map) => new()
    {
        CorrelationId = map[new MapKey("correlation-id")] as string,
        MessageId = map[new MapKey("message-id")] as string,
        To = map[new MapKey("to")] as string,
        ReplyTo = map[new MapKey("reply-to")] as string,
        Label = map[new MapKey("label")] as string,
        SessionId = map[new MapKey("session-id")] as string,
        ReplyToSessionId = map[new MapKey("reply-to-session-id")] as string,
        ContentType = map[new MapKey("content-type")] as string,
        Properties = (map[new MapKey("properties")] as AmqpMap)?
            .ToDictionary(entry => entry.Key.Key.ToString()!, entry => PropertyValue.Of(entry.Value))
            ?? new Dictionary<string, PropertyValue>(),
    };

    private static DescribedType Described(ulong code, params object?[] fields) => new(code, fields.ToList());
}
