using Serverless.Inference.Onnx;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;
using Serverless.Optimization.Graphs;

namespace Serverless.Optimization.Candidates;

/// <summary>What candidates are made from: the files of the parent, with the graph that it was pushed from where that is at hand.</summary>
public sealed class CandidateSource : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serverless-optimize-");

    private CandidateSource(IModelStore store, ModelManifest parent) => (Store, Parent) = (store, parent);

    /// <summary>The version that they are held against.</summary>
    public ModelManifest Parent { get; }

    /// <summary>A graph that was made elsewhere, with which candidates begin; null for the parent's own.</summary>
    public MadeGraph? Made { get; set; }

    internal IModelStore Store { get; }

    internal string Graph { get; private set; } = "";

    /// <summary>Files of the package beside the graph.</summary>
    internal IReadOnlyList<string> Files => [.. Parent.Files.Select(file => Path.Combine(_folder.FullName, file.Path))];

    /// <param name="store">Where the parent lies.</param>
    /// <param name="parent">The parent.</param>
    /// <param name="graph">
    /// The .onnx file that the parent was pushed from. Null takes the parent's own graph, in which operators are fused: passes find fewer
    /// weights in it.
    /// </param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ModelRefusedException">The parent is in stages, and no file is given.</exception>
    public static async Task<CandidateSource> OpenAsync(
        IModelStore store, ModelManifest parent, string? graph, CancellationToken cancellationToken)
    {
        if (graph is null && parent.Stages is not null)
            throw new ModelRefusedException("it is in stages, and its graph is the first of them: name the .onnx file that it was cut from");
        var source = new CandidateSource(store, parent);
        try
        {
            await PackageFolder.WriteAsync(store, parent, source._folder.FullName, cancellationToken);
            source.Graph = graph ?? Path.Combine(source._folder.FullName, ModelFiles.GraphName);
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
