using Serverless.Inference.Execution;

namespace Serverless.Inference.Generation.Loop;

/// <summary>
/// Requests that wait for their turn: interactive ones before batch work unless that has waited long, and among equals the tenant that
/// was given least by its weight. Callers hold the loop's lock.
/// </summary>
internal sealed class WaitingGenerations(TimeProvider time)
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);

    // Tenants that wait for nothing are remembered no longer than it takes to have this many of them.
    private const int Remembered = 256;

    private readonly List<DecoderGeneration> _waiting = [];
    private readonly Dictionary<string, double> _served = new(StringComparer.Ordinal);
    private double _now;

    public int Count => _waiting.Count;

    public void Add(DecoderGeneration generation)
    {
        var tenant = TenantOf(generation);
        // One who was away begins where the others are.
        if (!_waiting.Exists(other => TenantOf(other) == tenant))
            _served[tenant] = Math.Max(_served.GetValueOrDefault(tenant), _now);
        _waiting.Add(generation);
        if (_served.Count > Remembered)
            Forget();
    }

    /// <summary>Who makes room for <paramref name="generation"/> in a full queue: the newest batch work for interactive work, else nobody.</summary>
    public DecoderGeneration? TakeVictim(DecoderGeneration generation)
    {
        if (generation.Terms.Priority != RunPriority.Interactive)
            return null;
        var last = _waiting.FindLastIndex(other => other.Terms.Priority == RunPriority.Batch);
        if (last < 0)
            return null;
        var victim = _waiting[last];
        _waiting.RemoveAt(last);
        return victim;
    }

    /// <summary>Who is next.</summary>
    public DecoderGeneration? Peek()
    {
        DecoderGeneration? best = null;
        var now = time.GetTimestamp();
        foreach (var generation in _waiting)
        {
            if (best is null || IsBefore(generation, best, now))
                best = generation;
        }

        return best;
    }

    /// <summary>Takes out who was next.</summary>
    public void Take(DecoderGeneration generation)
    {
        _waiting.Remove(generation);
        var tenant = TenantOf(generation);
        _now = _served.GetValueOrDefault(tenant);
        _served[tenant] = _now + ((double)generation.Longest * generation.Request.Choices / Math.Max(1, generation.Terms.Weight));
    }

    /// <summary>Takes out what is not to run any more.</summary>
    public void RemoveAll(Predicate<DecoderGeneration> match, List<DecoderGeneration> removed)
    {
        foreach (var generation in _waiting)
        {
            if (match(generation))
                removed.Add(generation);
        }

        if (removed.Count > 0)
            _waiting.RemoveAll(removed.Contains);
    }

    private static string TenantOf(DecoderGeneration generation) => generation.Terms.Tenant ?? "";

    private bool IsBefore(DecoderGeneration one, DecoderGeneration other, long now)
    {
        var (first, second) = (IsUrgent(one, now), IsUrgent(other, now));
        if (first != second)
            return first;
        var (mine, theirs) = (_served[TenantOf(one)], _served[TenantOf(other)]);
        // Those of one tenant stay in order.
        return mine < theirs;
    }

    private bool IsUrgent(DecoderGeneration generation, long now) =>
        generation.Terms.Priority == RunPriority.Interactive || time.GetElapsedTime(generation.ArrivedAt, now) >= Age;

    private void Forget()
    {
        var waiting = _waiting.Select(TenantOf).ToHashSet(StringComparer.Ordinal);
        foreach (var tenant in _served.Keys.Where(tenant => !waiting.Contains(tenant)).ToList())
            _served.Remove(tenant);
    }
}
