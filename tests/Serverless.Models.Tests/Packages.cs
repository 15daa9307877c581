using System.Runtime.InteropServices;
using Serverless.Models.Codecs;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.TestKit;

namespace Serverless.Models.Tests;

/// <summary>Makes drafts out of seeds.</summary>
internal sealed class Packages : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>A draft with a graph and without weights.</summary>
    public PackageDraft Graph(string name, string graph = "graph", string? vocabulary = null)
    {
        var draft = new PackageDraft(name, Write("model.onnx", System.Text.Encoding.UTF8.GetBytes(graph)));
        if (vocabulary is null)
            return draft;
        var words = Write("v", System.Text.Encoding.UTF8.GetBytes(vocabulary));
        return draft with { Files = new Dictionary<string, string> { ["vocab.txt"] = words } };
    }

    /// <summary>A draft with weights like trained ones: many floats, small ones between them, and an index.</summary>
    public PackageDraft Weights(string name, int seed, int largeFloats = 100_000, int tensors = 3, LossyCodec lossy = LossyCodec.None, int lookups = 0)
    {
        var random = new Random(seed);
        var described = new List<WeightTensor>();
        for (var i = 0; i < tensors; i++)
        {
            described.Add(new WeightTensor($"w{i}", "float", [largeFloats], 0, largeFloats * 4L) { Lookup = i >= tensors - lookups });
            described.Add(new WeightTensor($"b{i}", "float", [100], 0, 400));
        }

        described.Add(new WeightTensor("shape", "int64", [3], 0, 24));
        var laidOut = WeightLayout.Arrange(described);
        var bytes = new byte[laidOut[^1].Offset + laidOut[^1].Length];
        foreach (var tensor in laidOut.Where(tensor => tensor.ElementType == "float"))
            Floats.Fill(MemoryMarshal.Cast<byte, float>(bytes.AsSpan((int)tensor.Offset, (int)tensor.Length)), random);
        return Graph(name) with
        {
            Weights = laidOut,
            WeightsFile = Write("w", bytes),
            Codecs = new CodecPolicy { Lossy = lossy },
        };
    }

    public void Dispose() => _folder.Dispose();

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(Directory.CreateDirectory(_folder.File(Guid.NewGuid().ToString("N"))).FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
