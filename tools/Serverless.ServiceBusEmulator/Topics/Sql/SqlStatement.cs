using Serverless.ServiceBusEmulator.Messages;

namespace Serverless.ServiceBusEmulator.Topics.Sql;

/// <summary>One step of a rule's action: SET with a value, or REMOVE without.</summary>
internal sealed record SqlStatement(SqlProperty Property, SqlNode? Value)
{
    public void Apply(MessageDraft message)
    {
        if (Value is null)
            Property.Remove(message);
        else
            Property.Write(message, Value.Evaluate(message));
    }
}
