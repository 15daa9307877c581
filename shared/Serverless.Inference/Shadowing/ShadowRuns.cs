using System.Collections.Concurrent;
using System.Threading.Channels;
using Serverless.Contracts.Errors;
using Serverless.Inference.Diagnostics;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;

namespace Serverless.Inference.Shadowing;

/// <summary>
/// Runs answered requests on shadows, one after another and only while nobody waits for the version that answered. What it cannot keep up
/// with is dropped.
/// </summary>
internal sealed class ShadowRuns(InferenceMetrics metrics, TimeProvider time, CancellationToken stopping)
{
    private const int MaxWaiting = 16;

    // Of aliases that are moved again and again, the first pairs are reported: a process lives for hours.
    private const int MaxPairs = 64;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly RunTerms Terms = new(Priority: RunPriority.Batch);

    private readonly ConcurrentDictionary<(string Model, int Main, int Shadow), ShadowPair> _pairs = new();
    private readonly Lock _gate = new();

    // One more than that are never there: the reader takes one out before it runs it.
    private readonly Channel<ShadowJob> _jobs = Channel.CreateBounded<ShadowJob>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    private Task? _running;

    /// <summary>Whether a request more would be dropped.</summary>
    public bool IsFull => _jobs.Reader.Count >= MaxWaiting;

    public IEnumerable<ShadowReport> Reports =>
        _pairs.Values.Select(pair => pair.Report).OrderBy(report => (report.Model, report.Version, report.Shadow));

    /// <summary>By chance a sample for a request that <paramref name="main"/> answers, or null.</summary>
    public ShadowSample? Sample(LoadedModel main, VersionSlot shadow, int share)
    {
        if (main.Manifest.Decoder is not null || Random.Shared.Next(100) >= share)
            return null;
        var key = (shadow.Name, main.Manifest.Version, shadow.Version);
        if (!_pairs.TryGetValue(key, out var pair))
        {
            if (_pairs.Count >= MaxPairs)
                return null;
            pair = _pairs.GetOrAdd(key, _ => new ShadowPair(main, shadow, metrics.Shadows, metrics.Versions.Of(shadow.Name, shadow.Version)));
        }

        return new ShadowSample(this, pair);
    }

    /// <summary>Takes a job over, unless too many wait.</summary>
    public bool TryAdd(ShadowJob job)
    {
        if (stopping.IsCancellationRequested || !_jobs.Writer.TryWrite(job))
            return false;
        lock (_gate)
            _running ??= Task.Run(RunAllAsync, CancellationToken.None);
        return true;
    }

    private async Task RunAllAsync()
    {
        try
        {
            await foreach (var job in _jobs.Reader.ReadAllAsync(stopping))
                await RunAsync(job);
        }
        catch (OperationCanceledException)
        {
            while (_jobs.Reader.TryRead(out var left))
                Array.ForEach(left.Inputs, input => input.Dispose());
        }
    }

    private async Task RunAsync(ShadowJob job)
    {
        var taken = false;
        try
        {
            if (!await IsIdleAsync(job.Main))
            {
                job.Pair.Dropped();
                return;
            }

            var shadow = await job.Pair.Shadow.HoldAsync(stopping);
            try
            {
                var outputs = ShadowAnswer.OutputsFor(job, shadow);
                taken = true;
                using var outcome = await shadow.RunAsync(job.Inputs, outputs, Terms, stopping);
                job.Pair.Compared(ShadowAnswer.Compare(job.Wanted, outcome.Outputs), job.Run, outcome);
            }
            finally
            {
                shadow.Release();
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Nobody waits for it: whatever it is, it is the report's.
            job.Pair.Failed(error is InferenceException known ? known.Message : $"The shadow failed: {error.GetType().Name}.");
        }
        finally
        {
            if (!taken)
                Array.ForEach(job.Inputs, input => input.Dispose());
        }
    }

    // Runs of two versions share the processor or the device: one that has begun cannot be told to stand aside.
    private async Task<bool> IsIdleAsync(LoadedModel main)
    {
        for (var since = time.GetTimestamp(); main.IsInUse;)
        {
            if (time.GetElapsedTime(since) >= Patience)
                return false;
            await Task.Delay(Pause, time, stopping);
        }

        return true;
    }
}
