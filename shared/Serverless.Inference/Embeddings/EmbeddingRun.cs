using Serverless.Inference.Lifecycle;

namespace Serverless.Inference.Embeddings;

/// <summary>The rows of one request on their way through the engine, a bounded number of them at a time.</summary>
internal sealed class EmbeddingRun(ModelLease lease, long[][] rows, RowRun run)
{
    // Enough for two full batches to choose from. A request of 2,048 texts must neither fill the queue nor be refused by it.
    private const int MostAtOnce = 64;

    private readonly Lock _gate = new();
    private readonly int[] _order = [.. Enumerable.Range(0, rows.Length).OrderByDescending(index => rows[index].Length)];
    private int _next = -1;

    public float[][] Vectors { get; } = new float[rows.Length][];

    /// <summary>The longest that a row waited.</summary>
    public TimeSpan Queue { get; private set; }

    /// <summary>How long the graph ran for the rows, each with its part of the run that it was in.</summary>
    public TimeSpan Run { get; private set; }

    /// <summary>The request's share of the runs that its rows were in.</summary>
    public TimeSpan Device { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (rows.Length == 1)
        {
            await RunRowAsync(0, cancellationToken);
            return;
        }

        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var lanes = Enumerable.Range(0, Math.Min(MostAtOnce, rows.Length)).Select(_ => RunLaneAsync(failed)).ToArray();
        var all = Task.WhenAll(lanes);
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (all.IsCompletedSuccessfully)
            return;
        // The lanes that the failure of another one cancelled have nothing to tell.
        var faulted = Array.Find(lanes, lane => lane.IsFaulted);
        await (faulted ?? all);
    }

    // Longest first, so that what waits together is alike.
    private async Task RunLaneAsync(CancellationTokenSource failed)
    {
        try
        {
            for (var index = Interlocked.Increment(ref _next); index < rows.Length; index = Interlocked.Increment(ref _next))
                await RunRowAsync(_order[index], failed.Token);
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
    }

    private async Task RunRowAsync(int index, CancellationToken cancellationToken)
    {
        var (vector, outcome) = await run.RunAsync(lease, rows[index], cancellationToken);
        Vectors[index] = vector;
        lock (_gate)
        {
            Queue = outcome.Queue > Queue ? outcome.Queue : Queue;
            Device += outcome.Device;
            Run += outcome.Run / Math.Max(1, outcome.Rows);
        }
    }
}
