using Serverless.Models.Manifest;
using Serverless.SampleModels;

namespace Serverless.Cli.Models;

/// <summary>A sample model, ready to be pushed.</summary>
internal sealed class SampleDraft : IDisposable
{
    private readonly DirectoryInfo? _folder;

    private SampleDraft(PushSource source, DirectoryInfo? folder) => (Source, _folder) = (source, folder);

    /// <summary>What there is: a text embedder of 22 million parameters, and a language model of our own.</summary>
    public static IReadOnlyList<string> Names { get; } = [MiniLm.Name, TinyLm.Name];

    public PushSource Source { get; }

    /// <param name="name">One of <see cref="Names"/>.</param>
    public static SampleDraft Of(string name) => name == TinyLm.Name
        ? new SampleDraft(new PushSource(TinyLm.Graph, [], ModelTasks.TextGeneration), null)
        : OfMiniLm(Directory.CreateTempSubdirectory("infer-sample-"));

    public void Dispose() => _folder?.Delete(recursive: true);

    // Its package ships it inside a library.
    private static SampleDraft OfMiniLm(DirectoryInfo folder)
    {
        var (graph, vocabulary) = MiniLm.WriteTo(folder.FullName);
        return new SampleDraft(new PushSource(graph, [vocabulary], ModelTasks.TextEmbedding), folder);
    }
}
