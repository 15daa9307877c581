using Google.Protobuf;
using Onnx;

namespace Serverless.TestKit.Onnx;

/// <summary>Builds small ONNX graphs for tests, node by node.</summary>
public sealed class OnnxGraph
{
    private readonly ModelProto _model;

    /// <summary>An empty graph. IR 8 and opset 17 are what ONNX Runtime has read since 1.12, and all that most graphs need.</summary>
    public OnnxGraph(int irVersion = 8, int opset = 17) => _model = new ModelProto
    {
        IrVersion = irVersion,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = opset } },
        Graph = new GraphProto { Name = "test" },
    };

    /// <summary>Adds an input. A dimension is a size, or a name for any size.</summary>
    public OnnxGraph Input(string name, TensorProto.Types.DataType type, params object[] shape)
    {
        _model.Graph.Input.Add(Value(name, type, shape));
        return this;
    }

    /// <summary>Adds an output.</summary>
    public OnnxGraph Output(string name, TensorProto.Types.DataType type, params object[] shape)
    {
        _model.Graph.Output.Add(Value(name, type, shape));
        return this;
    }

    /// <summary>
    /// Adds a node: <paramref name="inputs"/> and <paramref name="outputs"/> are names with spaces between them, <c>-</c> an input left out.
    /// </summary>
    public OnnxGraph Node(string type, string inputs, string outputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = type, Name = $"{type}_{outputs.Replace(' ', '_')}" };
        node.Input.AddRange(inputs.Split(' ').Select(input => input == "-" ? "" : input));
        node.Output.AddRange(outputs.Split(' '));
        node.Attribute.AddRange(attributes);
        _model.Graph.Node.Add(node);
        return this;
    }

    /// <summary>Adds constant weights.</summary>
    public OnnxGraph Weights(string name, float[] values, params long[] shape)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Float };
        tensor.Dims.AddRange(shape);
        tensor.FloatData.AddRange(values);
        _model.Graph.Initializer.Add(tensor);
        return this;
    }

    /// <summary>Adds constant whole numbers: a shape, say.</summary>
    public OnnxGraph Integers(string name, params long[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Int64, Dims = { values.Length } };
        tensor.Int64Data.AddRange(values);
        _model.Graph.Initializer.Add(tensor);
        return this;
    }

    /// <summary>The attribute <paramref name="name"/> of a node.</summary>
    public static AttributeProto Attribute(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    /// <summary>The same with several numbers.</summary>
    public static AttributeProto Attribute(string name, long[] values) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values } };

    /// <summary>The graph as an .onnx file's bytes.</summary>
    public byte[] ToBytes() => _model.ToByteArray();

    /// <summary>Writes the graph to <paramref name="path"/> and returns that.</summary>
    public string WriteTo(string path)
    {
        File.WriteAllBytes(path, ToBytes());
        return path;
    }

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, object[] shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new TensorShapeProto() };
        foreach (var dimension in shape)
        {
            tensor.Shape.Dim.Add(dimension is string symbol
                ? new TensorShapeProto.Types.Dimension { DimParam = symbol }
                : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(dimension, null) });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
