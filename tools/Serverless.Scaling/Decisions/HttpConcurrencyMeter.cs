namespace Serverless.Scaling;

/// <summary>
/// "Concurrent requests" as Container Apps computes them: the requests of the past window (15 s) divided by its seconds.
/// A request is one of the window's when it was open at any time within it, so a long stream counts as long as it runs.
/// Safe for use by many threads.
/// </summary>
public sealed class HttpConcurrencyMeter(TimeProvider time, TimeSpan window)
{
    // Requests that ended within a thousandth of the window are one entry, which bounds the memory whatever the rate.
    private const int Parts = 1000;

    private readonly Lock _lock = new();
    private readonly Queue<(long Part, int Count)> _ended = [];
    private readonly double _partTicks = (double)window.Ticks / Parts;
    private readonly long _start = time.GetTimestamp();
    private (long Part, int Count) _latest;
    private long _endedCount;
    private int _inFlight;

    /// <summary>Requests that are open now.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>A request came.</summary>
    public void Arrived() => Interlocked.Increment(ref _inFlight);

    /// <summary>A request is answered, refused or given up.</summary>
    public void Left()
    {
        lock (_lock)
        {
            var part = Part();
            if (part != _latest.Part)
            {
                Forget(part);
                if (_latest.Count > 0)
                    _ended.Enqueue(_latest);
                _latest = (part, 0);
            }

            _latest.Count++;
            _endedCount++;
            Interlocked.Decrement(ref _inFlight);
        }
    }

    /// <summary>Requests of the past window, by its seconds.</summary>
    public double Read()
    {
        lock (_lock)
        {
            Forget(Part());
            return (_endedCount + InFlight) / window.TotalSeconds;
        }
    }

    private long Part() => (long)(time.GetElapsedTime(_start).Ticks / _partTicks);

    private void Forget(long now)
    {
        while (_ended.TryPeek(out var oldest) && oldest.Part <= now - Parts)
            _endedCount -= _ended.Dequeue().Count;

        if (_latest.Count > 0 && _latest.Part <= now - Parts)
        {
            _endedCount -= _latest.Count;
            _latest = default;
        }
    }
}
