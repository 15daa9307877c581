using Serverless.Inference.Tensors;

namespace Serverless.Inference.Execution.Batching;

/// <summary>Puts the inputs of a batch together.</summary>
internal static class BatchInputs
{
    /// <summary>New tensors with the rows of every request, the shorter ones filled up with zeros.</summary>
    public static BufferTensor[] Pack(Batch batch, BatchPlan plan)
    {
        var packed = new BufferTensor[batch.Items[0].Inputs.Length];
        try
        {
            for (var i = 0; i < packed.Length; i++)
                packed[i] = Pack(batch, i, plan.IsSequenceInput(i));
            return packed;
        }
        catch
        {
            foreach (var tensor in packed)
                tensor?.Dispose();
            throw;
        }
    }

    private static BufferTensor Pack(Batch batch, int index, bool isSequence)
    {
        var first = batch.Items[0].Inputs[index];
        long[] shape = [.. first.Dimensions];
        shape[0] = batch.Rows;
        if (isSequence)
            shape[1] = batch.Width;
        _ = TensorShape.TryCount(shape, out var count);
        var buffer = TensorBuffer.Rent(checked((int)(count * Datatypes.SizeOf(first.Datatype))));
        var target = buffer.Span;
        var rowBytes = target.Length / batch.Rows;
        foreach (var item in batch.Items)
        {
            var source = item.Inputs[index].Data;
            var rows = target[..(rowBytes * item.Shape.Rows)];
            if (!isSequence || item.Shape.Width == batch.Width)
                source.CopyTo(rows);
            else
                Widen(source, rows, item.Shape.Rows);
            target = target[rows.Length..];
        }

        return new BufferTensor(first.Name, first.Datatype, shape, buffer);
    }

    private static void Widen(ReadOnlySpan<byte> source, Span<byte> target, int rows)
    {
        var narrow = source.Length / rows;
        var wide = target.Length / rows;
        for (var row = 0; row < rows; row++)
        {
            source.Slice(row * narrow, narrow).CopyTo(target[(row * wide)..]);
            target.Slice((row * wide) + narrow, wide - narrow).Clear();
        }
    }
}
