using Serverless.ServiceBusEmulator.Messages;

namespace Serverless.ServiceBusEmulator.Topics.Sql;

/// <summary>AND and OR over true, false and unknown.</summary>
internal sealed record SqlLogical(bool IsAnd, SqlNode Left, SqlNode Right) : SqlNode
{
    public override object? Evaluate(MessageDraft message)
    {
        var decisive = !IsAnd;
        var left = Left.Test(message);
        if (left == decisive)
            return decisive;
        var right = Right.Test(message);
        return right == decisive ? decisive : left is null || right is null ? null : !decisive;
    }
}
