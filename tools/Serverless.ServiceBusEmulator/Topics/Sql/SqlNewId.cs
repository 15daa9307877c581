using Serverless.ServiceBusEmulator.Messages;

namespace Serverless.ServiceBusEmulator.Topics.Sql;

internal sealed record SqlNewId : SqlNode
{
    public override object? Evaluate(MessageDraft message) => Guid.NewGuid();
}
