using Serverless.Models.Loading;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;

namespace Serverless.Inference.Onnx.Preparation;

/// <summary>A graph ready to be published, in a folder of its own that goes when this is disposed.</summary>
public sealed class PreparedGraph : IDisposable
{
    internal const string GraphFileName = "model.onnx";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serverless-push-");

    internal PreparedGraph()
    {
    }

    /// <summary>The graph without its weights.</summary>
    public string GraphFile => Path.Combine(Folder, GraphFileName);

    /// <summary>The weights; null when there are none outside the graph.</summary>
    public string? WeightsFile => Weights.Count == 0 ? null : Path.Combine(Folder, LoadedPackage.WeightsFileName);

    /// <summary>What lies where in <see cref="WeightsFile"/>.</summary>
    public IReadOnlyList<WeightTensor> Weights { get; internal set; } = [];

    /// <summary>Inputs and outputs.</summary>
    public OnnxSignature Signature { get; internal set; } = new([], []);

    /// <summary>What the graph is optimised for; null when it is left to whoever loads it.</summary>
    public OptimizationRecord? Optimization { get; internal set; }

    /// <summary>What was proved about batching.</summary>
    public BatchingRecord Batching { get; internal set; } = new(1, 0, "");

    /// <summary>How it generates text; null where it does not.</summary>
    public DecoderRecord? Decoder { get; internal set; }

    /// <summary>Files that were found beside the original and belong to the package, by name; none unless it generates text.</summary>
    public IReadOnlyDictionary<string, string> Files { get; internal set; } = new Dictionary<string, string>();

    /// <summary>Memory that a session takes.</summary>
    public long MemoryBytes { get; internal set; }

    internal string Folder => _folder.FullName;

    /// <summary>A draft to publish it, good until this is disposed.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="files">Other local files, which keep their names and come before those that were found.</param>
    public PackageDraft ToDraft(string model, IEnumerable<string> files) => new(model, GraphFile)
    {
        Task = Decoder is null ? null : ModelTasks.TextGeneration,
        Decoder = Decoder,
        WeightsFile = WeightsFile,
        Weights = Weights,
        Files = All(files),
        Inputs = Signature.Inputs,
        Outputs = Signature.Outputs,
        Optimization = Optimization,
        Batching = Batching,
        MemoryBytes = MemoryBytes,
    };

    private Dictionary<string, string> All(IEnumerable<string> given)
    {
        var all = given.ToDictionary(file => Path.GetFileName(file), StringComparer.Ordinal);
        foreach (var (name, path) in Files)
            all.TryAdd(name, path);
        return all;
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A session over it, opened as the worker will.</summary>
    internal OnnxSession Open() => PackageSession.Open(
        new PackageGraph(File.ReadAllBytes(GraphFile), Weights, Optimization, new MappedWeights(WeightsFile)), ExecutionProvider.Cpu);
}
