using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
using static Onnx.AttributeProto.Types;
using static Onnx.TensorProto.Types;

namespace Serverless.SampleModels.Decoders;

/// <summary>Writes a graph node by node.</summary>
internal sealed class GraphWriter(DecoderShape shape, WeightSource source, WeightFile file)
{
    private const string Microsoft = "com.microsoft";

    private readonly GraphProto _graph = new() { Name = "decoder" };
    private readonly HashSet<string> _constants = new(StringComparer.Ordinal);

    /// <summary>The type of activations, keys, values and logits.</summary>
    public DataType Float { get; } = shape.Half ? DataType.Float16 : DataType.Float;

    /// <summary>The model. IR 8 and opset 17 are what ONNX Runtime and GenAI of today read, and of years ago.</summary>
    public ModelProto ToModel() => new()
    {
        IrVersion = 8,
        ProducerName = "Serverless.SampleModels",
        OpsetImport = { new OperatorSetIdProto { Version = 17 }, new OperatorSetIdProto { Domain = Microsoft, Version = 1 } },
        Graph = _graph,
    };

    /// <summary>Adds an input; a dimension is a size, or a name for any size.</summary>
    public string Input(string name, DataType type, params object[] dimensions)
    {
        _graph.Input.Add(Value(name, type, dimensions));
        return name;
    }

    /// <summary>Adds an output.</summary>
    public void Output(string name, DataType type, params object[] dimensions) => _graph.Output.Add(Value(name, type, dimensions));

    /// <summary>Adds a node of one output, which is returned.</summary>
    public string Node(string type, string name, string[] inputs, params AttributeProto[] attributes)
    {
        Add(type, "", name, inputs, [name], attributes);
        return name;
    }

    /// <summary>Adds a node of several outputs.</summary>
    public void Node(string type, string[] inputs, string[] outputs, params AttributeProto[] attributes) =>
        Add(type, "", outputs[0], inputs, outputs, attributes);

    /// <summary>Adds a node of ONNX Runtime's own.</summary>
    public void Contributed(string type, string[] inputs, string[] outputs, params AttributeProto[] attributes) =>
        Add(type, Microsoft, outputs[0], inputs, outputs, attributes);

    /// <summary>A weight from the source.</summary>
    public string Weight(string name, params int[] dimensions) => Weight(name, source(name, dimensions), dimensions);

    /// <summary>A weight of <paramref name="values"/>.</summary>
    public string Weight(string name, float[] values, params int[] dimensions)
    {
        var count = dimensions.Aggregate(1, (product, size) => product * size);
        if (values.Length != count)
            throw new ArgumentException($"'{name}' has {values.Length} numbers where [{string.Join(", ", dimensions)}] needs {count}.", nameof(values));
        _graph.Initializer.Add(file.Take(name, dimensions, values));
        return name;
    }

    /// <summary>A list of whole numbers.</summary>
    public string Numbers(params long[] values) => Constant($"numbers_{string.Join('_', values)}", DataType.Int64, [values.Length], values);

    /// <summary>One whole number without dimensions.</summary>
    public string Number(long value) => Constant($"number_{value}", DataType.Int64, [], [value]);

    /// <summary>One number of full precision without dimensions.</summary>
    public string Single(string name, float value) => Constant(name, DataType.Float, [], [value]);

    public static AttributeProto Attribute(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    public static AttributeProto Attribute(string name, float value) => new() { Name = name, Type = AttributeType.Float, F = value };

    public static AttributeProto Attribute(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    private string Constant<T>(string name, DataType type, long[] dimensions, T[] values)
        where T : unmanaged
    {
        if (!_constants.Add(name))
            return name;
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<T>(values)) };
        tensor.Dims.AddRange(dimensions);
        _graph.Initializer.Add(tensor);
        return name;
    }

    private void Add(string type, string domain, string name, string[] inputs, string[] outputs, AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = type, Domain = domain, Name = $"{name}/{type}" };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes);
        _graph.Node.Add(node);
    }

    private static ValueInfoProto Value(string name, DataType type, object[] dimensions)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new TensorShapeProto() };
        tensor.Shape.Dim.AddRange(dimensions.Select(dimension => dimension is string symbol
            ? new TensorShapeProto.Types.Dimension { DimParam = symbol }
            : new TensorShapeProto.Types.Dimension { DimValue = (int)dimension }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
