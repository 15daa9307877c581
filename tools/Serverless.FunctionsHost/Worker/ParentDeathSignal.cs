namespace Serverless.FunctionsHost.Worker;

/// <summary>
/// A worker does not notice that its host is gone. On Linux util-linux's setpriv has the kernel kill it with the host; it execs the
/// worker, so the process id stays the worker's own.
/// </summary>
internal static class ParentDeathSignal
{
    public static string? FindSetpriv() =>
        OperatingSystem.IsLinux()
            ? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                .Where(directory => directory.Length > 0)
                .Select(directory => Path.Combine(directory, "setpriv"))
                .FirstOrDefault(File.Exists)
            : null;

    // KILL, not TERM: a worker asked to stop politely still waits for its requests, which nobody can answer any more.
    public static IEnumerable<string> Arguments(string executable) => ["--pdeathsig", "KILL", executable];
}
