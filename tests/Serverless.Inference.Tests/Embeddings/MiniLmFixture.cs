using Serverless.Contracts.Models;
using Serverless.Inference.Embeddings;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.Models.Manifest;
using Serverless.SampleModels;
using Serverless.TestKit;

namespace Serverless.Inference.Tests.Embeddings;

/// <summary>MiniLM pushed and loaded once.</summary>
public sealed class MiniLmFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Engine _engine = new();
    private ModelLease? _lease;

    public async ValueTask InitializeAsync()
    {
        var (graph, vocabulary) = MiniLm.WriteTo(_folder.Path);
        await _engine.PushFilesAsync("minilm", ModelTasks.TextEmbedding, graph, vocabulary);
        _lease = await _engine.Registry.AcquireAsync(new ModelReference("minilm"), CancellationToken.None);
    }

    public Task<EmbeddingOutcome> EmbedAsync(params EmbeddingInput[] inputs) =>
        _lease!.Embedder!.EmbedAsync(_lease, inputs, RunTerms.Default, TestContext.Current.CancellationToken);

    public Task<EmbeddingOutcome> EmbedAsync(params string[] texts) =>
        EmbedAsync([.. texts.Select((text, index) => new EmbeddingInput(text, null, $"input[{index}]"))]);

    public async ValueTask DisposeAsync()
    {
        _lease?.Dispose();
        await _engine.DisposeAsync();
        _folder.Dispose();
    }
}
