using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.Optimization.Candidates;
using Serverless.Optimization.Evaluation;
using Serverless.Optimization.Passes;
using Serverless.SampleModels;
using Serverless.TestKit;

namespace Serverless.Optimization.Tests.Candidates;

/// <summary>MiniLM, published once.</summary>
public sealed class MiniLmFixture : IAsyncLifetime
{
    private static readonly string[] Nouns = ["light", "river", "shepherd", "city", "harvest", "king", "mountain", "letter"];
    private static readonly string[] Verbs = ["finds", "leaves", "remembers", "builds", "fears", "loves"];

    private readonly TemporaryFolder _folder = new();
    private CandidateSource? _source;

    /// <summary>Sentences of which each number makes another.</summary>
    public static IEnumerable<string> Sentences(int from, int count) => Enumerable.Range(from, count).Select(i =>
        $"The {Nouns[i % 8]} of the {Nouns[i / 8 % 8]} {Verbs[i % 6]} a {Nouns[(i + 3) % 8]} on day {i}.");

    public async ValueTask InitializeAsync()
    {
        var (graph, vocabulary) = MiniLm.WriteTo(_folder.File(MiniLm.Name));
        var store = ModelStores.InFolder(_folder.File("store"));
        var options = new PreparationOptions { Task = ModelTasks.TextEmbedding, MaxBatch = 4 };
        using var prepared = await GraphPreparation.RunAsync(graph, options, progress: null, CancellationToken.None);
        var draft = prepared.ToDraft(MiniLm.Name, [vocabulary]) with { Task = ModelTasks.TextEmbedding };
        var parent = await new ModelPublisher(store).PublishAsync(draft, progress: null, CancellationToken.None);
        _source = await CandidateSource.OpenAsync(store, parent, graph, CancellationToken.None);
    }

    public Task<Candidate> MakeAsync(string pass, double cosine, IEnumerable<string>? training = null) => Candidate.MakeAsync(
        _source!,
        [PassStep.Parse(pass)],
        new CandidateTerms(new ReferenceInputs { Texts = [.. Sentences(0, 16)] }, new GateThresholds { Cosine = cosine })
        {
            TrainingTexts = [.. training ?? []],
        },
        progress: null,
        TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        _source?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
