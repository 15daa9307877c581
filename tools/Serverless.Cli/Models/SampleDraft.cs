using Serverless.Models.Manifest;
using Serverless.SampleModels;

namespace Serverless.Cli.Models;

/// <summary>MiniLM, a real text embedder of 22 million parameters, ready to be pushed from a temporary folder.</summary>
internal sealed class SampleDraft : IDisposable
{
    /// <summary>Its name.</summary>
    public const string Name = MiniLm.Name;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("infer-sample-");

    public SampleDraft()
    {
        var (graph, vocabulary) = MiniLm.WriteTo(_folder.FullName);
        Source = new PushSource(graph, [vocabulary], ModelTasks.TextEmbedding);
    }

    public PushSource Source { get; }

    public void Dispose() => _folder.Delete(recursive: true);
}
