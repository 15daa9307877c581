using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Serverless.Worker.Transport;

/// <summary>
/// A loop's wait. After a request that came alone it looks again and again for a moment before it sleeps: the next one of a client that sends
/// one after another comes within that time, and to wake a sleeping core of a virtual machine takes 30 µs. One loop of the process does so at
/// a time, and lets other threads go first.
/// </summary>
internal sealed unsafe class PollingWait
{
    // A client's own waking, and what it does between an answer and its next request.
    private static readonly long Moment = Stopwatch.Frequency / 1_000_000 * 60;

    private static int _isWatched;

    private bool _wasAlone;

    /// <summary>Waits for something to be ready.</summary>
    /// <returns>How many of <paramref name="events"/> are.</returns>
    public int Wait(int poll, Kernel.PollEvent* events, int most)
    {
        var count = _wasAlone && Interlocked.Exchange(ref _isWatched, 1) == 0 ? Look(poll, events, most) : 0;
        if (count == 0)
            count = Checked(Kernel.Wait(poll, events, most, -1));
        _wasAlone = count == 1;
        return count;
    }

    private static int Look(int poll, Kernel.PollEvent* events, int most)
    {
        var start = Stopwatch.GetTimestamp();
        var count = 0;
        while (count == 0 && Stopwatch.GetTimestamp() - start < Moment)
        {
            Thread.Yield();
            count = Checked(Kernel.Wait(poll, events, most, 0));
        }

        Volatile.Write(ref _isWatched, 0);
        return count;
    }

    private static int Checked(int count)
    {
        if (count >= 0)
            return count;
        return Marshal.GetLastPInvokeError() == Kernel.Interrupted ? 0 : throw new Win32Exception();
    }
}
