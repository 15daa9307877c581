namespace Serverless.Simulation;

/// <summary>
/// Arrivals and replicas over time in equal bins. There are 2,000 bins at most: when they are full, two become one.
/// </summary>
public sealed class Timeline
{
    private const int MostBins = 2000;

    private readonly long[] _arrivals = new long[MostBins];
    private readonly long[] _messages = new long[MostBins];
    private readonly int[] _asked = new int[MostBins];
    private readonly int[] _ready = new int[MostBins];
    private long _width = TimeSpan.TicksPerSecond;
    private int _last;

    /// <summary>How much time a bin stands for.</summary>
    public TimeSpan BinWidth => TimeSpan.FromTicks(_width);

    /// <summary>Requests that came, by bin.</summary>
    public ReadOnlySpan<long> Arrivals => _arrivals.AsSpan(0, _last + 1);

    /// <summary>Messages that came, by bin.</summary>
    public ReadOnlySpan<long> Messages => _messages.AsSpan(0, _last + 1);

    /// <summary>The most replicas that were asked for, by bin.</summary>
    public ReadOnlySpan<int> Asked => _asked.AsSpan(0, _last + 1);

    /// <summary>The most replicas that were ready, by bin.</summary>
    public ReadOnlySpan<int> Ready => _ready.AsSpan(0, _last + 1);

    internal void RequestArrived(TimeSpan at) => _arrivals[BinOf(at)]++;

    internal void MessageArrived(TimeSpan at) => _messages[BinOf(at)]++;

    /// <summary>The numbers up to now, before they change; bins between the last call and this one had them all the time.</summary>
    internal void Advance(TimeSpan now, int asked, int ready)
    {
        var bin = BinOf(now, _last, out var from);
        for (var i = from; i <= bin; i++)
        {
            _asked[i] = Math.Max(_asked[i], asked);
            _ready[i] = Math.Max(_ready[i], ready);
        }

        _last = Math.Max(_last, bin);
    }

    private int BinOf(TimeSpan at) => BinOf(at, 0, out _);

    private int BinOf(TimeSpan at, int known, out int stillKnown)
    {
        while (at.Ticks / _width >= MostBins)
        {
            Halve();
            known /= 2;
        }

        stillKnown = known;
        return (int)(at.Ticks / _width);
    }

    private void Halve()
    {
        for (var i = 0; i < MostBins / 2; i++)
        {
            _arrivals[i] = _arrivals[2 * i] + _arrivals[(2 * i) + 1];
            _messages[i] = _messages[2 * i] + _messages[(2 * i) + 1];
            _asked[i] = Math.Max(_asked[2 * i], _asked[(2 * i) + 1]);
            _ready[i] = Math.Max(_ready[2 * i], _ready[(2 * i) + 1]);
        }

        _arrivals.AsSpan(MostBins / 2).Clear();
        _messages.AsSpan(MostBins / 2).Clear();
        _asked.AsSpan(MostBins / 2).Clear();
        _ready.AsSpan(MostBins / 2).Clear();
        _width *= 2;
        _last /= 2;
    }
}
