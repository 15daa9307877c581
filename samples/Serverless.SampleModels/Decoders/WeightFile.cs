using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace Serverless.SampleModels.Decoders;

/// <summary>Turns weights into initializers: within the graph while all of them are small, otherwise in a file beside it.</summary>
internal sealed class WeightFile : IDisposable
{
    /// <summary>The file's name.</summary>
    public const string Name = "model.onnx.data";

    // A graph is read as a whole, and cannot be above 2 GiB.
    private const long MaxInline = 32 << 20;
    private const int Alignment = 64;
    private const int MinOutside = 1024;

    private readonly bool _half;
    private readonly FileStream? _file;

    public WeightFile(string folder, DecoderShape shape)
    {
        _half = shape.Half;
        if (Parameters(shape) * (_half ? 2 : 4) > MaxInline)
            _file = File.Create(Path.Combine(folder, Name));
    }

    /// <summary>An initializer of <paramref name="values"/>, in the graph's precision.</summary>
    public TensorProto Take(string name, IReadOnlyList<int> shape, ReadOnlySpan<float> values)
    {
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)(_half ? TensorProto.Types.DataType.Float16 : TensorProto.Types.DataType.Float),
        };
        tensor.Dims.AddRange(shape.Select(size => (long)size));
        var bytes = _half ? MemoryMarshal.AsBytes(Halved(values)) : MemoryMarshal.AsBytes(values);
        if (_file is null || bytes.Length < MinOutside)
            tensor.RawData = ByteString.CopyFrom(bytes);
        else
            Append(tensor, bytes);
        return tensor;
    }

    public void Dispose() => _file?.Dispose();

    private static long Parameters(DecoderShape shape)
    {
        var attention = 2L * shape.Hidden * shape.HeadSize * (shape.Heads + shape.KeyValueHeads);
        var layer = attention + (3L * shape.Hidden * shape.Intermediate);
        return (shape.Layers * layer) + ((long)shape.Hidden * shape.Vocabulary * (shape.Tied ? 1 : 2));
    }

    private static ReadOnlySpan<Half> Halved(ReadOnlySpan<float> values)
    {
        var halves = new Half[values.Length];
        for (var i = 0; i < halves.Length; i++)
            halves[i] = (Half)values[i];
        return halves;
    }

    private void Append(TensorProto tensor, ReadOnlySpan<byte> bytes)
    {
        var start = (_file!.Length + Alignment - 1) / Alignment * Alignment;
        _file.Position = start;
        _file.Write(bytes);
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = Name });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = start.ToString(CultureInfo.InvariantCulture) });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = bytes.Length.ToString(CultureInfo.InvariantCulture) });
    }
}
