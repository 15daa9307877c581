namespace Serverless.Models.Manifest;

/// <summary>ONNX's element types, by their lower-case names.</summary>
internal static class ElementTypes
{
    /// <summary>Bytes of an element, 0 for those that are packed below a byte, or null for what is not known.</summary>
    public static int? SizeOf(string elementType) => elementType switch
    {
        "bool" or "int8" or "uint8" or "float8e4m3fn" or "float8e4m3fnuz" or "float8e5m2" or "float8e5m2fnuz" or "float8e8m0" => 1,
        "int16" or "uint16" or "float16" or "bfloat16" => 2,
        "float" or "int32" or "uint32" => 4,
        "double" or "int64" or "uint64" or "complex64" => 8,
        "complex128" => 16,
        "int4" or "uint4" or "float4e2m1" or "int2" or "uint2" => 0,
        _ => null,
    };

    public static string? FindFault(WeightTensor tensor)
    {
        if (SizeOf(tensor.ElementType) is not { } size)
            return $"tensor '{tensor.Name}' has the unknown element type '{tensor.ElementType}'";
        if (size == 0)
            return null;
        try
        {
            var elements = tensor.Shape.Aggregate(1L, (product, dimension) => checked(product * dimension));
            return dimensionsAreValid(tensor) && checked(elements * size) == tensor.Length
                ? null
                : $"tensor '{tensor.Name}' takes {tensor.Length} bytes, which is not what its shape and type take";
        }
        catch (OverflowException)
        {
            return $"tensor '{tensor.Name}' has a shape without bounds";
        }

        static bool dimensionsAreValid(WeightTensor tensor) => tensor.Shape.All(dimension => dimension >= 0);
    }
}
