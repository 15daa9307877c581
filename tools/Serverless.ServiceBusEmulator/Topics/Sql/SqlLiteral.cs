using Serverless.ServiceBusEmulator.Messages;

namespace Serverless.ServiceBusEmulator.Topics.Sql;

internal sealed record SqlLiteral(object? Value) : SqlNode
{
    public override object? Evaluate(MessageDraft message) => Value;
}
