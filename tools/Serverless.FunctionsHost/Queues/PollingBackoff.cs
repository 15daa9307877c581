namespace Serverless.FunctionsHost.Queues;

/// <summary>
/// The pause before the next look into an empty queue: doubles from 100 ms up to a limit, each drawn from the upper half of its
/// range so that several listeners do not fall into step.
/// </summary>
internal sealed class PollingBackoff(TimeSpan longest, Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);

    private TimeSpan _range = First;

    public void Reset() => _range = First;

    public TimeSpan Next()
    {
        var range = _range < longest ? _range : longest;
        _range = range * 2;
        return range * (0.5 + random.NextDouble() / 2);
    }
}
