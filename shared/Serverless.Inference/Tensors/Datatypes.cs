namespace Serverless.Inference.Tensors;

/// <summary>Names and sizes of <see cref="TensorDatatype"/>s.</summary>
public static class Datatypes
{
    private static readonly (TensorDatatype Type, string Name, int Size)[] Table =
    [
        (TensorDatatype.Bool, "BOOL", 1),
        (TensorDatatype.UInt8, "UINT8", 1),
        (TensorDatatype.UInt16, "UINT16", 2),
        (TensorDatatype.UInt32, "UINT32", 4),
        (TensorDatatype.UInt64, "UINT64", 8),
        (TensorDatatype.Int8, "INT8", 1),
        (TensorDatatype.Int16, "INT16", 2),
        (TensorDatatype.Int32, "INT32", 4),
        (TensorDatatype.Int64, "INT64", 8),
        (TensorDatatype.Fp16, "FP16", 2),
        (TensorDatatype.Bf16, "BF16", 2),
        (TensorDatatype.Fp32, "FP32", 4),
        (TensorDatatype.Fp64, "FP64", 8),
        (TensorDatatype.Bytes, "BYTES", 0),
    ];

    /// <summary>Every name, for messages.</summary>
    public static string AllNames { get; } = string.Join(", ", Table.Select(row => row.Name));

    /// <summary>The protocol's name.</summary>
    public static string NameOf(TensorDatatype type) => Table[(int)type].Name;

    /// <summary>Bytes of one element; 0 for <see cref="TensorDatatype.Bytes"/>.</summary>
    public static int SizeOf(TensorDatatype type) => Table[(int)type].Size;

    /// <summary>Reads the protocol's name, which is case-sensitive.</summary>
    public static bool TryParse(string name, out TensorDatatype type)
    {
        foreach (var row in Table)
        {
            if (row.Name == name)
            {
                type = row.Type;
                return true;
            }
        }

        type = default;
        return false;
    }

    /// <summary>Whether JSON has a form for elements of <paramref name="type"/>: the protocol gives none to 16-bit floats.</summary>
    public static bool HasJsonForm(TensorDatatype type) => type is not (TensorDatatype.Fp16 or TensorDatatype.Bf16);
}
