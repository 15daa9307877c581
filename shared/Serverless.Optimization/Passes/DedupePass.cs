using System.Globalization;
using Google.Protobuf;
using Serverless.Inference.Onnx;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Optimization.Graphs;

namespace Serverless.Optimization.Passes;

/// <summary>Stores weights that are the same bit for bit once: exports write a tied embedding twice, and layers that share weights often.</summary>
internal sealed class DedupePass(long min) : IOptimizationPass
{
    public string Apply(ModelGraph model)
    {
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        var saved = 0L;
        var given = model.Graph.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        var candidates = model.Graph.Initializer.Where(tensor => tensor.RawData.Length >= min && !given.Contains(tensor.Name));
        foreach (var same in candidates.GroupBy(tensor => new Content(tensor.DataType, string.Join(',', tensor.Dims), tensor.RawData)))
        {
            foreach (var copy in same.Skip(1))
            {
                renamed.Add(copy.Name, same.First().Name);
                saved += copy.RawData.Length;
            }
        }

        if (renamed.Count == 0)
            throw new ModelRefusedException($"dedupe takes weights of at least {min} bytes that are the same, and it has none");
        foreach (var node in GraphWalk.Nodes(model.Model))
        {
            for (var i = 0; i < node.Input.Count; i++)
                node.Input[i] = renamed.GetValueOrDefault(node.Input[i], node.Input[i]);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{renamed.Count} weights of {saved} bytes stored once instead of again");
    }

    // ByteString compares and hashes by content.
    private sealed record Content(int Type, string Shape, ByteString Bytes);
}
