using Serverless.Inference.Tensors;

namespace Serverless.Conformance.Data;

/// <summary>A tensor outside any runtime.</summary>
/// <param name="Name">The input's or output's name.</param>
/// <param name="Datatype">The elements' type.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Data">The elements, little-endian; empty for byte strings.</param>
/// <param name="Strings">The elements of a tensor of byte strings.</param>
internal sealed record CaseTensor(string Name, TensorDatatype Datatype, long[] Shape, byte[] Data, byte[][] Strings)
{
    public long Count => Shape.Aggregate(1L, (count, dimension) => count * dimension);

    /// <summary>The elements in the protocol's binary form.</summary>
    public byte[] ToBinary() => Datatype == TensorDatatype.Bytes
        ? [.. Strings.SelectMany(text => BitConverter.GetBytes(text.Length).Concat(text))]
        : Data;

    /// <summary>A tensor of the protocol's binary form.</summary>
    public static CaseTensor FromBinary(string name, string datatype, long[] shape, ReadOnlySpan<byte> data)
    {
        if (!Datatypes.TryParse(datatype, out var type))
            throw new InvalidDataException($"The answer has the unknown datatype {datatype}.");
        if (type != TensorDatatype.Bytes)
            return new CaseTensor(name, type, shape, data.ToArray(), []);
        var strings = new List<byte[]>();
        while (!data.IsEmpty)
        {
            var length = BitConverter.ToInt32(data);
            strings.Add(data.Slice(sizeof(int), length).ToArray());
            data = data[(sizeof(int) + length)..];
        }

        return new CaseTensor(name, type, shape, [], [.. strings]);
    }
}
