using Serverless.ServiceBusEmulator.Messages;

namespace Serverless.ServiceBusEmulator.Topics.Sql;

internal sealed record SqlIn(SqlNode Value, IReadOnlyList<SqlNode> Choices) : SqlNode
{
    public override object? Evaluate(MessageDraft message)
    {
        var value = Value.Evaluate(message);
        if (value is null)
            return null;
        var isUnknown = false;
        foreach (var choice in Choices)
        {
            var equal = SqlCompare.AreEqual(value, choice.Evaluate(message));
            if (equal == true)
                return true;
            isUnknown |= equal is null;
        }

        return isUnknown ? null : false;
    }
}
