using Serverless.Contracts.Errors;
using Serverless.Inference.Tensors;
using Serverless.Worker.Json;

namespace Serverless.Worker.OpenInference;

/// <summary>
/// A request whose body is the bytes of the model's only input: its shape follows from their number. All outputs are answered in binary.
/// </summary>
internal static class RawRequest
{
    /// <exception cref="InferenceException">The model does not take such requests, or the bytes do not fill its input.</exception>
    public static InferRequest Read(ReadOnlySpan<byte> data, SignatureTable model)
    {
        if (model.Inputs is not [var input])
            throw JsonValues.Invalid($"A raw binary request needs a model with one input; this one has {model.Inputs.Count}.");
        var shape = ShapeOf(input, data.Length, out var count);
        BinarySizes.Check(input.Signature.Name, input.Datatype, shape, count, data.Length);
        var binary = new BinaryInput(0, input.Signature.Name, input.Datatype, shape, count, data.Length);
        return new InferRequest
        {
            Model = model,
            Inputs = [BinaryTensor.Create(binary, data)],
            InputCount = 1,
            Outputs = model.AllOutputs,
            BinaryOutputs = [.. Enumerable.Repeat(true, model.AllOutputs.Length)],
        };
    }

    // Of the free dimensions the first is the batch, which is 1, unless it is the only one: then it takes what there is.
    private static long[] ShapeOf(SignatureInput input, int bytes, out long count)
    {
        long[] shape = [.. input.Signature.Shape];
        var free = shape.Count(dimension => dimension < 0);
        if (free == 2 && shape[0] < 0)
        {
            shape[0] = 1;
            free = 1;
        }

        if (free > 1)
        {
            throw JsonValues.Invalid(
                $"A raw binary request needs an input with one free dimension besides the batch; '{input.Signature.Name}' has shape "
                + $"{TensorShape.Format(input.Signature.Shape)}.");
        }

        var at = Array.FindIndex(shape, dimension => dimension < 0);
        if (at >= 0)
            shape[at] = 1;
        if (!TensorShape.TryCount(shape, out count))
            throw JsonValues.Invalid($"The shape of '{input.Signature.Name}' has no number of elements.");
        // Byte strings do not say by their length how many they are: it is one.
        if (at < 0 || count == 0 || input.Datatype == TensorDatatype.Bytes)
            return shape;
        shape[at] = bytes / (count * Datatypes.SizeOf(input.Datatype));
        count *= shape[at];
        return shape;
    }
}
