using Serverless.Inference.Tensors;

namespace Serverless.Inference.Onnx.Preparation;

/// <summary>Puts rows together into one run.</summary>
internal static class RowBatch
{
    /// <summary>Inputs of one run; where rows differ in width (their second dimension), the narrower are padded with zeros.</summary>
    public static IReadOnlyList<BufferTensor> Pack(IReadOnlyList<SampleRow> rows) =>
        [.. Enumerable.Range(0, rows[0].Inputs.Count).Select(input => Pack([.. rows.Select(row => row.Inputs[input])]))];

    /// <summary>Runs the rows together; null when the model does not take them.</summary>
    public static IReadOnlyList<Tensor>? TryRun(OnnxSession session, IReadOnlyList<SampleRow> rows)
    {
        var inputs = Pack(rows);
        try
        {
            return session.Run(inputs, [.. session.Signature.Outputs.Select(output => output.Name)], CancellationToken.None);
        }
        catch (Contracts.Errors.InferenceException)
        {
            return null;
        }
        finally
        {
            foreach (var input in inputs)
                input.Dispose();
        }
    }

    private static BufferTensor Pack(SampleInput[] rows)
    {
        var widest = rows.MaxBy(row => row.Data.Length)!;
        long[] shape = [.. widest.Shape];
        if (rows.Length > 1)
            shape[0] = rows.Length;
        var buffer = TensorBuffer.Rent(rows.Length * widest.Data.Length);
        buffer.Span.Clear();
        for (var i = 0; i < rows.Length; i++)
            rows[i].Data.CopyTo(buffer.Span[(i * widest.Data.Length)..]);
        return new BufferTensor(widest.Name, widest.Datatype, shape, buffer);
    }
}
