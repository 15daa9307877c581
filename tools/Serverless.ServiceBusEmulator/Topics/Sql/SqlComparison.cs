using Serverless.ServiceBusEmulator.Messages;

namespace Serverless.ServiceBusEmulator.Topics.Sql;

internal sealed record SqlComparison(string Operator, SqlNode Left, SqlNode Right) : SqlNode
{
    public override object? Evaluate(MessageDraft message)
    {
        var left = Left.Evaluate(message);
        var right = Right.Evaluate(message);
        if (Operator is "=")
            return SqlCompare.AreEqual(left, right);
        if (Operator is "<>" or "!=")
            return !SqlCompare.AreEqual(left, right);
        return SqlCompare.Compare(left, right) is not { } order ? null : Operator switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }
}
