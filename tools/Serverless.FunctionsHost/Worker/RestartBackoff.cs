namespace Serverless.FunctionsHost.Worker;

/// <summary>
/// Pauses between restarts: none after a worker that had been up for a while, else doubling from a quarter of a second to ten
/// seconds, so that an app which cannot start does not keep a processor busy.
/// </summary>
internal sealed class RestartBackoff
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongLived = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);

    private int _quickDeaths;

    /// <summary>How many workers in a row died within ten seconds of being ready, or before.</summary>
    public int QuickDeaths => _quickDeaths;

    public TimeSpan Next(TimeSpan wasReadyFor)
    {
        if (wasReadyFor >= LongLived)
        {
            _quickDeaths = 0;
            return TimeSpan.Zero;
        }

        // The first quick death is forgiven: a person killing a worker should not wait for the next.
        var pause = _quickDeaths == 0 ? TimeSpan.Zero : First * Math.Pow(2, Math.Min(_quickDeaths - 1, 10));
        _quickDeaths++;
        return pause < Longest ? pause : Longest;
    }
}
