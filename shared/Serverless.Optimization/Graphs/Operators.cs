using Google.Protobuf.Collections;
using Onnx;
using static Onnx.AttributeProto.Types;

namespace Serverless.Optimization.Graphs;

/// <summary>Nodes, and what is said in them.</summary>
internal static class Operators
{
    /// <summary>Where ONNX Runtime's own operators live.</summary>
    public const string Contributed = "com.microsoft";

    public static NodeProto Node(string type, string[] inputs, string output, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = type, Name = $"{output}/{type}" };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        return node;
    }

    public static NodeProto In(this NodeProto node, string domain)
    {
        node.Domain = domain;
        return node;
    }

    public static AttributeProto Attribute(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    public static long Number(this NodeProto node, string attribute, long otherwise) =>
        node.Attribute.FirstOrDefault(found => found.Name == attribute)?.I ?? otherwise;

    public static float Single(this NodeProto node, string attribute, float otherwise) =>
        node.Attribute.FirstOrDefault(found => found.Name == attribute)?.F ?? otherwise;

    public static RepeatedField<long>? Numbers(this NodeProto node, string attribute) =>
        node.Attribute.FirstOrDefault(found => found.Name == attribute)?.Ints;
}
