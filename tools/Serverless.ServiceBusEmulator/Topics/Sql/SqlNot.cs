using Serverless.ServiceBusEmulator.Messages;

namespace Serverless.ServiceBusEmulator.Topics.Sql;

internal sealed record SqlNot(SqlNode Inner) : SqlNode
{
    public override object? Evaluate(MessageDraft message) => !Inner.Test(message);
}
