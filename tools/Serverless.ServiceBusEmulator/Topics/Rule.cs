using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Messages;
using Serverless.ServiceBusEmulator.Topics.Sql;

namespace Serverless.ServiceBusEmulator.Topics;

/// <summary>A rule ready to be applied.</summary>
internal sealed class Rule
{
    private readonly SqlNode? _filter;

    public Rule(RuleDescription description)
    {
        Description = description;
        try
        {
            _filter = description.Kind == RuleFilterKind.Sql ? SqlParser.ParseFilter(description.SqlExpression ?? string.Empty) : null;
            Action = string.IsNullOrWhiteSpace(description.SqlAction) ? [] : SqlParser.ParseAction(description.SqlAction);
        }
        catch (SqlSyntaxException exception)
        {
            throw new BrokerException(BrokerError.InvalidArgument, $"The rule '{description.Name}' cannot be read: {exception.Message}.");
        }
    }

    public RuleDescription Description { get; }

    public IReadOnlyList<SqlStatement> Action { get; }

    /// <summary>Whether matching needs the message opened at all.</summary>
    public bool IsUnconditional => Description.Kind is RuleFilterKind.True or RuleFilterKind.False;

    public bool Matches(MessageDraft? message) => Description.Kind switch
    {
        RuleFilterKind.True => true,
        RuleFilterKind.False => false,
        RuleFilterKind.Sql => _filter!.Test(message!) == true,
        _ => Description.Correlation?.Matches(message!) == true,
    };
}
