using Serverless.Contracts.Errors;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Execution.Batching;

/// <summary>Takes the outputs of a batch apart.</summary>
internal static class BatchOutputs
{
    /// <summary>Each request's part, in order. Parts share the memory of <paramref name="outputs"/>, which is theirs from now on.</summary>
    /// <exception cref="InferenceException">The outputs have no rows for the requests; they are disposed.</exception>
    public static Tensor[][] Split(Tensor[] outputs, Batch batch, BatchPlan plan)
    {
        if (Array.Find(outputs, output => !HasRows(output, batch, plan)) is { } wrong)
        {
            var shape = TensorShape.Format(wrong.Shape);
            foreach (var output in outputs)
                output.Dispose();
            throw new InferenceException(
                ErrorKind.Internal, $"The model answered {shape} for output '{wrong.Name}' to a batch of {batch.Rows} rows.");
        }

        var shared = new SharedOutputs(outputs, outputs.Length * batch.Items.Count);
        var parts = new Tensor[batch.Items.Count][];
        var row = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var item = batch.Items[i];
            parts[i] = new Tensor[outputs.Length];
            for (var output = 0; output < outputs.Length; output++)
                parts[i][output] = Part(outputs[output], row, item.Shape, batch, plan, shared);
            row += item.Shape.Rows;
        }

        return parts;
    }

    private static bool HasRows(Tensor output, Batch batch, BatchPlan plan) =>
        output.Dimensions is [var rows, ..] && rows == batch.Rows
        && (!plan.IsSequenceOutput(output.Name) || (output.Dimensions is [_, var width, ..] && width == batch.Width));

    private static Tensor Part(Tensor whole, int row, WorkShape item, Batch batch, BatchPlan plan, SharedOutputs shared)
    {
        long[] shape = [.. whole.Dimensions];
        shape[0] = item.Rows;
        var rowBytes = whole.Data.Length / batch.Rows;
        if (!plan.IsSequenceOutput(whole.Name) || item.Width == batch.Width)
            return new RowSlice(whole, shape, shared, row * rowBytes);
        shape[1] = item.Width;
        var part = new RowSlice(whole, shape, shared, row * rowBytes);
        // What one row has of its own length comes first; of several rows the padding between is cut out.
        return item.Rows == 1 ? part : Cut(part, whole.Data.Slice(row * rowBytes, item.Rows * rowBytes), rowBytes);
    }

    private static BufferTensor Cut(RowSlice part, ReadOnlySpan<byte> rows, int rowBytes)
    {
        var own = TensorBuffer.Rent((int)(part.Count * Datatypes.SizeOf(part.Datatype)));
        var (count, width) = ((int)part.Dimensions[0], own.Length / (int)part.Dimensions[0]);
        for (var row = 0; row < count; row++)
            rows.Slice(row * rowBytes, width).CopyTo(own.Span[(row * width)..]);
        part.Dispose();
        return new BufferTensor(part.Name, part.Datatype, part.Dimensions, own);
    }
}
