using System.Diagnostics;

namespace Serverless.Worker.Starting;

/// <summary>Where a process's life begins.</summary>
/// <param name="Main">When its own code was reached, as <see cref="TimeProvider.GetTimestamp"/> says.</param>
internal readonly record struct ProcessStart(long Main)
{
    /// <summary>Now, for the first line of the program.</summary>
    public static ProcessStart Now() => new(TimeProvider.System.GetTimestamp());

    /// <summary>How long the process took to reach <see cref="Main"/>; Linux counts process starts in hundredths of a second.</summary>
    public TimeSpan BeforeMain(TimeProvider time)
    {
        using var self = Process.GetCurrentProcess();
        var before = time.GetUtcNow() - self.StartTime.ToUniversalTime() - time.GetElapsedTime(Main);
        return before > TimeSpan.Zero ? before : TimeSpan.Zero;
    }
}
