using Serverless.Inference.Generation;
using Serverless.TestKit.GenAi;

namespace Serverless.Benchmarks.Generation;

/// <summary>What the lines of the suite share: models, one of them in the engine, GenAI over the same files.</summary>
internal sealed class GenerationBench(string folder, GenerationOptions options, FigureWriter figures) : IAsyncDisposable
{
    private (string Model, GenerationEngine Engine)? _engine;
    private (string Model, GenAiProcess Process)? _genAi;

    public GenerationOptions Options => options;

    public string Folder => folder;

    public DecoderModels Models { get; } = new(folder);

    public void Say(string what) => figures.Say("  " + what);

    /// <summary>The model in the engine; another one leaves first, so that two never share the machine's memory.</summary>
    public async Task<TextGenerator> GeneratorAsync(string model, CancellationToken cancellationToken)
    {
        if (_engine is { } running && running.Model == model)
            return running.Engine.Generator;
        await StopEngineAsync();
        await Models.PublishAsync(model, cancellationToken);
        var engine = await GenerationEngine.StartAsync(Models.Store, model, cancellationToken);
        _engine = (model, engine);
        return engine.Generator;
    }

    /// <summary>GenAI over the model's files as they were exported.</summary>
    public async Task<GenAiProcess> GenAiAsync(string model, CancellationToken cancellationToken)
    {
        if (_genAi is { } running && running.Model == model)
            return running.Process;
        StopGenAi();
        var process = await GenAiProcess.StartAsync(Models.FolderOf(model), cancellationToken);
        _genAi = (model, process);
        return process;
    }

    /// <summary>Unloads what runs in this process, for lines that measure others.</summary>
    public async Task StopEngineAsync()
    {
        if (_engine is { } running)
            await running.Engine.DisposeAsync();
        _engine = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopEngineAsync();
        StopGenAi();
    }

    private void StopGenAi()
    {
        _genAi?.Process.Dispose();
        _genAi = null;
    }
}
