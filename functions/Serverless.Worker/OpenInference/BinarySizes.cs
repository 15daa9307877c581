using Serverless.Contracts.Errors;
using Serverless.Inference.Tensors;
using Serverless.Worker.Json;

namespace Serverless.Worker.OpenInference;

/// <summary>Holds the size of binary data against the shape that it must fill.</summary>
internal static class BinarySizes
{
    /// <exception cref="InferenceException">They do not match.</exception>
    public static void Check(string name, TensorDatatype datatype, ReadOnlySpan<long> shape, long count, long size)
    {
        if (size is < 0 or > int.MaxValue)
            throw JsonValues.Invalid($"binary_data_size of input '{name}' must be 0 to {int.MaxValue}, not {size}.", name);
        var element = Datatypes.SizeOf(datatype);
        // Each string has its length before it.
        if (datatype == TensorDatatype.Bytes ? count <= size / sizeof(uint) : count <= size / element && count * element == size)
            return;
        var wanted = datatype == TensorDatatype.Bytes
            ? $"{count} byte strings, each after its length in 4 bytes"
            : $"{(UInt128)count * (uint)element} bytes ({count} elements of {element})";
        throw JsonValues.Invalid(
            $"Input '{name}' of shape {TensorShape.Format(shape.ToArray())} and datatype {Datatypes.NameOf(datatype)} takes {wanted}, "
            + $"but its binary data has {size} bytes.", name);
    }
}
