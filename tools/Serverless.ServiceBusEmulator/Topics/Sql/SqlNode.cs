using Serverless.ServiceBusEmulator.Messages;

namespace Serverless.ServiceBusEmulator.Topics.Sql;

/// <summary>A part of an expression. Its value is null where SQL says unknown: a missing property, kinds that do not compare.</summary>
internal abstract record SqlNode
{
    public abstract object? Evaluate(MessageDraft message);

    public bool? Test(MessageDraft message) => Evaluate(message) as bool?;
}
