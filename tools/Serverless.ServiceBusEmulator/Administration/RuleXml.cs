using System.Xml.Linq;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Topics;

namespace Serverless.ServiceBusEmulator.Administration;

/// <summary>Rules as XML.</summary>
internal static class RuleXml
{
    private static readonly string[] SystemParts =
        ["CorrelationId", "MessageId", "To", "ReplyTo", "Label", "SessionId", "ReplyToSessionId", "ContentType"];

    public static XElement Write(RuleDescription rule) => Atom.Entry(rule.Name, new XElement(
        Atom.ServiceBus + "RuleDescription",
        WriteFilter(rule),
        WriteAction(rule),
        new XElement(Atom.ServiceBus + "CreatedAt", rule.CreatedAt.UtcDateTime),
        new XElement(Atom.ServiceBus + "Name", rule.Name)));

    public static RuleDescription Read(XElement element, string? name)
    {
        var action = element.Element(Atom.ServiceBus + "Action");
        var rule = new RuleDescription
        {
            Name = name ?? Text(element, "Name") ?? RuleDescription.DefaultName,
            SqlAction = action is not null && TypeOf(action) == "SqlRuleAction" ? Text(action, "SqlExpression") : null,
        };
        if (element.Element(Atom.ServiceBus + "Filter") is not { } filter)
            return rule;
        if (filter.Element(Atom.ServiceBus + "Parameters") is { HasElements: true } && TypeOf(filter) == "SqlFilter")
        {
            throw new BrokerException(
                BrokerError.NotSupported, "Parameters of SQL filters are not supported: write the values into the expression.");
        }

        return TypeOf(filter) switch
        {
            "TrueFilter" => rule,
            "FalseFilter" => rule with { Kind = RuleFilterKind.False },
            "SqlFilter" => rule with { Kind = RuleFilterKind.Sql, SqlExpression = Text(filter, "SqlExpression") },
            "CorrelationFilter" => rule with { Kind = RuleFilterKind.Correlation, Correlation = ReadCorrelation(filter) },
            var other => throw new BrokerException(
                BrokerError.InvalidArgument, $"'{other}' is not a filter; they are TrueFilter, FalseFilter, SqlFilter, CorrelationFilter."),
        };
    }

    private static CorrelationFilter ReadCorrelation(XElement filter) => new()
    {
        CorrelationId = Text(filter, "CorrelationId"),
        MessageId = Text(filter, "MessageId"),
        To = Text(filter, "To"),
        ReplyTo = Text(filter, "ReplyTo"),
        Label = Text(filter, "Label"),
        SessionId = Text(filter, "SessionId"),
        ReplyToSessionId = Text(filter, "ReplyToSessionId"),
        ContentType = Text(filter, "ContentType"),
        Properties = filter.Element(Atom.ServiceBus + "Properties")?.Elements()
            .ToDictionary(pair => Text(pair, "Key") ?? string.Empty, ReadValue) ?? new Dictionary<string, PropertyValue>(),
    };

    private static PropertyValue ReadValue(XElement pair)
    {
        var value = pair.Element(Atom.ServiceBus + "Value")
            ?? throw new BrokerException(BrokerError.InvalidArgument, "A property of the filter has no Value.");
        return new PropertyValue(TypeOf(value) ?? "string", value.Value);
    }

    private static XElement WriteFilter(RuleDescription rule) => rule.Kind switch
    {
        RuleFilterKind.Correlation => WriteCorrelation(rule.Correlation ?? new CorrelationFilter()),
        RuleFilterKind.Sql => Typed("Filter", "SqlFilter", SqlParts(rule.SqlExpression!)),
        RuleFilterKind.False => Typed("Filter", "FalseFilter", SqlParts("1=0")),
        _ => Typed("Filter", "TrueFilter", SqlParts("1=1")),
    };

    private static XElement WriteAction(RuleDescription rule) => rule.SqlAction is { } action
        ? Typed("Action", "SqlRuleAction", SqlParts(action))
        : Typed("Action", "EmptyRuleAction");

    private static XElement WriteCorrelation(CorrelationFilter filter)
    {
        string?[] values =
        [
            filter.CorrelationId, filter.MessageId, filter.To, filter.ReplyTo, filter.Label, filter.SessionId,
            filter.ReplyToSessionId, filter.ContentType,
        ];
        var properties = filter.Properties.Select(property => new XElement(
            Atom.ServiceBus + "KeyValueOfstringanyType",
            new XElement(Atom.ServiceBus + "Key", property.Key),
            new XElement(
                Atom.ServiceBus + "Value",
                new XAttribute(XNamespace.Xmlns + "d", Atom.Schema),
                new XAttribute(Atom.Instance + "type", $"d:{property.Value.Type}"),
                property.Value.Text)));
        return Typed(
            "Filter",
            "CorrelationFilter",
            SystemParts.Zip(values).Where(part => part.Second is not null)
                .Select(part => new XElement(Atom.ServiceBus + part.First, part.Second))
                .Append(new XElement(Atom.ServiceBus + "Properties", properties)));
    }

    private static IEnumerable<XElement> SqlParts(string expression) =>
        [new(Atom.ServiceBus + "SqlExpression", expression), new(Atom.ServiceBus + "CompatibilityLevel", 20)];

    private static XElement Typed(string name, string type, IEnumerable<XElement>? parts = null) =>
        new(Atom.ServiceBus + name, new XAttribute(Atom.Instance + "type", type), parts);

    private static string? TypeOf(XElement element)
    {
        var type = element.Attribute(Atom.Instance + "type")?.Value;
        return type?[(type.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }

    private static string? Text(XElement element, string name) => element.Element(Atom.ServiceBus + name)?.Value;
}
