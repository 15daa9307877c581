using Serverless.Contracts.Errors;
using Serverless.Inference.Onnx;
using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Lifecycle;

/// <summary>
/// Runs a session for the first time, which allocates and lays out what every later run uses: the first caller should not pay for it.
/// </summary>
internal static class WarmUp
{
    // For dimensions that are free beside the first: a short sequence, and the size of many image models.
    private static readonly int[] Sizes = [8, 224];

    /// <exception cref="InferenceException">The machine cannot run it. That a model does not take made-up inputs is no failure.</exception>
    public static void Run(OnnxSession session)
    {
        foreach (var size in Sizes)
        {
            if (TryRun(session, size))
                return;
        }
    }

    private static bool TryRun(OnnxSession session, int size)
    {
        var inputs = new List<BufferTensor>();
        try
        {
            foreach (var input in session.Signature.Inputs)
                inputs.Add(MakeUp(input, size));
            string[] names = [.. session.Signature.Outputs.Select(output => output.Name)];
            foreach (var output in session.Run(inputs, names, CancellationToken.None))
                output.Dispose();
            return true;
        }
        catch (InferenceException error) when (error.Error.Kind is ErrorKind.InvalidRequest or ErrorKind.NotImplemented)
        {
            return false;
        }
        finally
        {
            foreach (var input in inputs)
                input.Dispose();
        }
    }

    // Zeros are in every table; a mask of zeros would hide all there is.
    private static BufferTensor MakeUp(TensorSignature input, int size)
    {
        long[] shape = [.. input.Shape.Select((dimension, axis) => dimension >= 0 ? dimension : axis == 0 ? 1 : size)];
        if (!Datatypes.TryParse(input.Datatype, out var datatype) || !TensorShape.TryCount(shape, out var count) || count > 1 << 28)
            throw new InferenceException(ErrorKind.NotImplemented, $"Input '{input.Name}' cannot be made up.");
        if (datatype == TensorDatatype.Bytes)
            return new BufferTensor(input.Name, shape, [.. Enumerable.Repeat(Array.Empty<byte>(), (int)count)]);
        var buffer = TensorBuffer.Rent((int)count * Datatypes.SizeOf(datatype));
        buffer.Span.Clear();
        if (datatype == TensorDatatype.Int64 && input.Name.Contains("mask", StringComparison.OrdinalIgnoreCase))
            buffer.As<long>().Fill(1);
        return new BufferTensor(input.Name, datatype, shape, buffer);
    }
}
