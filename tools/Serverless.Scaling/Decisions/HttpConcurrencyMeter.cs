namespace Serverless.Scaling;

/// <summary>
/// "Concurrent requests" as Container Apps documents them: the requests of the past window (15 s) divided by its seconds, which is
/// a rate. It says nothing of requests that take longer than the window, so the number never falls below what is open now.
/// Safe for use by many threads.
/// </summary>
public sealed class HttpConcurrencyMeter(TimeProvider time, TimeSpan window)
{
    // Requests that came within a thousandth of the window are one entry, which bounds the memory whatever the rate.
    private const int Parts = 1000;

    private readonly Lock _lock = new();
    private readonly Queue<(long Part, int Count)> _came = [];
    private readonly double _partTicks = (double)window.Ticks / Parts;
    private readonly long _start = time.GetTimestamp();
    private (long Part, int Count) _latest;
    private long _inWindow;
    private int _inFlight;

    /// <summary>Requests that are open now.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>A request came.</summary>
    public void Arrived()
    {
        Interlocked.Increment(ref _inFlight);
        lock (_lock)
        {
            var part = Part();
            Forget(part);
            if (part != _latest.Part)
            {
                if (_latest.Count > 0)
                    _came.Enqueue(_latest);
                _latest = (part, 0);
            }

            _latest.Count++;
            _inWindow++;
        }
    }

    /// <summary>A request is answered, refused or given up.</summary>
    public void Left() => Interlocked.Decrement(ref _inFlight);

    /// <summary>Requests of the past window, or those that are open where they are more, by its seconds.</summary>
    public double Read()
    {
        lock (_lock)
        {
            Forget(Part());
            return Math.Max(_inWindow, InFlight) / window.TotalSeconds;
        }
    }

    private long Part() => (long)(time.GetElapsedTime(_start).Ticks / _partTicks);

    private void Forget(long now)
    {
        while (_came.TryPeek(out var oldest) && oldest.Part <= now - Parts)
            _inWindow -= _came.Dequeue().Count;

        if (_latest.Count > 0 && _latest.Part <= now - Parts)
        {
            _inWindow -= _latest.Count;
            _latest = default;
        }
    }
}
