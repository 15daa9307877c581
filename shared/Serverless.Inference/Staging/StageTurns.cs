namespace Serverless.Inference.Staging;

/// <summary>
/// Keeps the micro-batches of one request apart: those that waited for a stage together would run there together, and leave the next stage
/// with nothing to do meanwhile.
/// </summary>
internal sealed class StageTurns(int steps) : IDisposable
{
    // One runs, and one is on its way there, so that the stage does not wait for it.
    private const int MostAtOnce = 2;

    private readonly SemaphoreSlim[] _steps = [.. Enumerable.Range(0, steps).Select(_ => new SemaphoreSlim(MostAtOnce))];

    public Task EnterAsync(int step, CancellationToken cancellationToken) => _steps[step].WaitAsync(cancellationToken);

    public void Leave(int step) => _steps[step].Release();

    public void Dispose() => Array.ForEach(_steps, step => step.Dispose());
}
