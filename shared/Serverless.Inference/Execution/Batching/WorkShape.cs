using Serverless.Inference.Tensors;

namespace Serverless.Inference.Execution.Batching;

/// <summary>The size of one request.</summary>
/// <param name="Rows">Its rows; 1 where the model's first dimension does not count rows.</param>
/// <param name="Width">Its length where the model takes sequences, otherwise 1.</param>
/// <param name="Bytes">Bytes of its inputs.</param>
/// <param name="CanJoin">Whether it may run together with others.</param>
internal readonly record struct WorkShape(int Rows, int Width, long Bytes, bool CanJoin)
{
    /// <summary>What a run's time is reckoned by.</summary>
    public long Units => (long)Math.Max(Rows, 1) * Math.Max(Width, 1);

    public static WorkShape Of(BufferTensor[] inputs, BatchPlan plan)
    {
        var bytes = 0L;
        foreach (var input in inputs)
            bytes += input.Bytes;
        if (plan.MaxRows == 1 || inputs[0].Dimensions is not [var rows, ..] || rows is < 1 or > int.MaxValue)
            return new WorkShape(1, 1, bytes, CanJoin: false);
        var width = plan.IsSequence ? inputs[plan.SequenceInput].Dimensions[1] : 1;
        var canJoin = rows <= plan.MaxRows && width is >= 1 and <= int.MaxValue;
        for (var i = 0; i < inputs.Length; i++)
        {
            var shape = inputs[i].Dimensions;
            canJoin &= inputs[i].Datatype != TensorDatatype.Bytes && shape.Length > 0 && shape[0] == rows
                && (!plan.IsSequenceInput(i) || shape[1] == width);
        }

        return new WorkShape((int)rows, (int)Math.Min(width, int.MaxValue), bytes, canJoin);
    }
}
