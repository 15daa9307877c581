namespace Serverless.Topology.Processes;

/// <summary>
/// A child does not notice that its parent is gone. On Linux util-linux's setpriv has the kernel signal it then (PR_SET_PDEATHSIG); it execs
/// the child, so the process id stays the child's own. The signal is tied to the thread that forks, which has to live as long as the child.
/// </summary>
public static class ParentDeathSignal
{
    /// <summary>The setpriv program, or null where there is none.</summary>
    public static string? FindSetpriv() =>
        OperatingSystem.IsLinux()
            ? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                .Where(directory => directory.Length > 0)
                .Select(directory => Path.Combine(directory, "setpriv"))
                .FirstOrDefault(File.Exists)
            : null;

    /// <summary>setpriv's arguments before the child's own.</summary>
    /// <param name="signal">The signal: <c>TERM</c> lets the child stop by itself, <c>KILL</c> does not.</param>
    /// <param name="program">The child's program.</param>
    public static IEnumerable<string> Arguments(string signal, string program) => ["--pdeathsig", signal, program];
}
