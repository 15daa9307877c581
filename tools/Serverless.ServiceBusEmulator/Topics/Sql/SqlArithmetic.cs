using Serverless.ServiceBusEmulator.Messages;

namespace Serverless.ServiceBusEmulator.Topics.Sql;

internal sealed record SqlArithmetic(char Operator, SqlNode Left, SqlNode Right) : SqlNode
{
    public override object? Evaluate(MessageDraft message)
    {
        try
        {
            return SqlCompare.Calculate(Operator, Left.Evaluate(message), Right.Evaluate(message));
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
