using Serverless.ServiceBusEmulator.Messages;

namespace Serverless.ServiceBusEmulator.Topics.Sql;

/// <summary>IS NULL, and its negation EXISTS.</summary>
internal sealed record SqlIsNull(SqlNode Inner) : SqlNode
{
    public override object? Evaluate(MessageDraft message) => Inner.Evaluate(message) is null;
}
