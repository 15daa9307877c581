using Google.Protobuf;
using Onnx;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;

namespace Serverless.Inference.Onnx.Preparation;

/// <summary>Takes the weights out of an optimised graph, into a file where each lies on 64 bytes.</summary>
internal sealed class WeightExtraction(OnnxFile source, PreparedGraph target)
{
    private readonly Dictionary<string, FileStream> _files = new(StringComparer.Ordinal);

    /// <summary>Writes graph and weights into the folder of <paramref name="target"/>.</summary>
    public static void Run(OnnxFile source, PreparedGraph target)
    {
        var extraction = new WeightExtraction(source, target);
        try
        {
            extraction.Run();
        }
        finally
        {
            foreach (var file in extraction._files.Values)
                file.Dispose();
        }
    }

    private void Run()
    {
        var outside = new Dictionary<string, (TensorProto Tensor, ExternalData Data)>(StringComparer.Ordinal);
        var main = source.Model.Graph.Initializer.Where(CanBeGivenInMemory).ToHashSet();
        foreach (var tensor in GraphWalk.Tensors(source.Model).Where(ExternalData.Has))
        {
            if (main.Contains(tensor))
                outside.Add(tensor.Name, (tensor, ExternalData.Of(tensor)));
            else
                TakeIn(tensor);
        }

        var lookups = LookupTables.Of(source.Model);
        target.Weights = WeightLayout.Arrange(outside.Values
            .Select(entry => Describe(entry.Tensor, entry.Data))
            .Select(weight => weight with { Lookup = weight.Length >= LookupTables.MinBytes && lookups.Contains(weight.Name) }));
        if (target.WeightsFile is { } path)
        {
            using var weights = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            foreach (var weight in target.Weights)
            {
                var (tensor, data) = outside[weight.Name];
                weights.Position = weight.Offset;
                Copy(data, weight.Length, weights);
                ExternalData.Set(tensor, LoadedPackage.WeightsFileName, weight.Offset, weight.Length);
            }
        }

        using var graph = File.Create(target.GraphFile);
        source.Model.WriteTo(graph);
    }

    private static string TypeOf(TensorProto tensor) => ((TensorProto.Types.DataType)tensor.DataType).ToString().ToLowerInvariant();

    private static bool CanBeGivenInMemory(TensorProto tensor) => OnnxTypes.IsElementType(TypeOf(tensor));

    private static WeightTensor Describe(TensorProto tensor, ExternalData data) =>
        new(tensor.Name, TypeOf(tensor), [.. tensor.Dims], Offset: 0, data.Length ?? throw new ModelRefusedException(
            $"the external data of its tensor '{tensor.Name}' has no length"));

    // Constants within loops and branches, and types that the managed library does not know.
    private void TakeIn(TensorProto tensor)
    {
        var data = ExternalData.Of(tensor);
        using var bytes = new MemoryStream();
        Copy(data, data.Length ?? 0, bytes);
        tensor.RawData = ByteString.CopyFrom(bytes.GetBuffer(), 0, (int)bytes.Length);
        tensor.ExternalData.Clear();
        tensor.DataLocation = TensorProto.Types.DataLocation.Default;
    }

    private void Copy(ExternalData data, long length, Stream destination)
    {
        if (!_files.TryGetValue(data.Location, out var file))
            _files.Add(data.Location, file = File.OpenRead(Path.Combine(source.Folder, data.Location)));
        file.Position = data.Offset;
        // Piece by piece: a tensor may be larger than an array can be.
        var piece = new byte[Math.Min(length, 1 << 20)];
        for (var left = length; left > 0;)
        {
            var read = piece.AsSpan(0, (int)Math.Min(left, piece.Length));
            file.ReadExactly(read);
            destination.Write(read);
            left -= read.Length;
        }
    }
}
