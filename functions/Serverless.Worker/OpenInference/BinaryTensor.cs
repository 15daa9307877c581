using Serverless.Contracts.Errors;
using Serverless.Inference.Tensors;

namespace Serverless.Worker.OpenInference;

/// <summary>Makes tensors of binary data.</summary>
internal static class BinaryTensor
{
    /// <summary>A tensor of <paramref name="data"/>, which it owns from now on unless this throws.</summary>
    /// <exception cref="InferenceException">The data is not what the datatype wants.</exception>
    public static BufferTensor Create(BinaryInput input, TensorBuffer data)
    {
        if (input.Datatype == TensorDatatype.Bytes)
        {
            var strings = BinaryStrings.Read(data.Span, input.Count, input.Name);
            data.Dispose();
            return new BufferTensor(input.Name, input.Shape, strings);
        }

        if (input.Datatype == TensorDatatype.Bool)
            Normalize(data.Span);
        return new BufferTensor(input.Name, input.Datatype, input.Shape, data);
    }

    /// <summary>A tensor that copies <paramref name="data"/>.</summary>
    /// <exception cref="InferenceException">The data is not what the datatype wants.</exception>
    public static BufferTensor Create(BinaryInput input, ReadOnlySpan<byte> data)
    {
        if (input.Datatype == TensorDatatype.Bytes)
            return new BufferTensor(input.Name, input.Shape, BinaryStrings.Read(data, input.Count, input.Name));
        var buffer = TensorBuffer.Rent(data.Length);
        data.CopyTo(buffer.Span);
        return Create(input, buffer);
    }

    // Kernels take a bool for 0 or 1, and may do anything with another byte.
    private static void Normalize(Span<byte> bools)
    {
        if (bools.IndexOfAnyExceptInRange((byte)0, (byte)1) < 0)
            return;
        foreach (ref var value in bools)
            value = value == 0 ? (byte)0 : (byte)1;
    }
}
