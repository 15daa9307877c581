using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Serverless.Topology.Processes;

/// <summary>A running service of the platform. It does not outlive the process that started it.</summary>
public sealed partial class ServiceProcess : IAsyncDisposable
{
    private const int LinesKept = 2_000;

    // An idle functions host needs under 2 s to stop; a worker may first finish what it answers.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly OutputTail _output = new(LinesKept);
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;

    private ServiceProcess(ServiceCommand command) => Command = command;

    /// <summary>How it was started.</summary>
    public ServiceCommand Command { get; }

    /// <summary>The operating system's id of the process.</summary>
    public int Id { get; private set; }

    /// <summary>Completes when the process has ended.</summary>
    public Task Exited => _exited.Task;

    /// <summary>The last lines of standard output and error.</summary>
    public IReadOnlyList<string> Output => _output.Snapshot();

    /// <summary>Starts <paramref name="command"/> without waiting until it is ready.</summary>
    /// <param name="command">What to start.</param>
    /// <param name="onLine">Called with each line that the process writes.</param>
    public static async Task<ServiceProcess> StartAsync(ServiceCommand command, Action<string>? onLine = null)
    {
        var service = new ServiceProcess(command);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Linux ties the parent-death signal to the thread that forked, so that thread has to live as long as the child.
        new Thread(() => service.RunToExit(started, onLine)) { IsBackground = true, Name = $"process {command.Name}" }.Start();
        await started.Task;
        return service;
    }

    /// <summary>Waits until <see cref="ServiceCommand.Ready"/> answers.</summary>
    /// <exception cref="ServiceStartException">The process ended, or was not ready within <paramref name="limit"/>.</exception>
    public async Task WaitUntilReadyAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        var start = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(client, cancellationToken))
        {
            if (Exited.IsCompleted)
                throw new ServiceStartException($"{Command.Name} ended while it started.", Output);
            if (Stopwatch.GetElapsedTime(start) > limit)
                throw new ServiceStartException($"{Command.Name} was not ready after {limit.TotalSeconds:0} s.", Output);
            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>Kills the process at once, as a crash would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        if (!Exited.IsCompleted)
            _process?.Kill();
        await Exited;
    }

    /// <summary>
    /// Asks the process to stop (SIGTERM where there is one), and kills it with its children when it has not within
    /// <paramref name="grace"/>. Whether it was not killed.
    /// </summary>
    public async Task<bool> StopAsync(TimeSpan grace)
    {
        if (_process is not { } process || Exited.IsCompleted)
            return true;
        var asked = !OperatingSystem.IsWindows() && SendSignal(process.Id, Sigterm) == 0;
        if (asked && await Task.WhenAny(Exited, Task.Delay(grace)) == Exited)
            return true;
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended in this moment.
        }

        await Exited;
        return false;
    }

    /// <summary>Stops the process with a grace of 10 s.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(StopLimit);
        _process?.Dispose();
    }

    private async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsync(Command.Ready, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return Command.AnyStatusIsReady || response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private void RunToExit(TaskCompletionSource started, Action<string>? onLine)
    {
        try
        {
            using var process = new Process { StartInfo = StartInfo() };
            process.OutputDataReceived += (_, e) => Keep(e.Data, onLine);
            process.ErrorDataReceived += (_, e) => Keep(e.Data, onLine);
            process.Start();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            _process = process;
            Id = process.Id;
            started.SetResult();
            process.WaitForExit();
            _output.Add($"[exit code {process.ExitCode}]");
        }
        catch (Exception exception) when (!started.Task.IsCompleted)
        {
            started.SetException(new ServiceStartException($"{Command.Name} could not be started: {exception.Message}", []));
        }
        finally
        {
            _exited.TrySetResult();
        }
    }

    private ProcessStartInfo StartInfo()
    {
        var info = new ProcessStartInfo
        {
            FileName = Command.Program,
            WorkingDirectory = Command.WorkingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };

        if (ParentDeathSignal.FindSetpriv() is { } setpriv)
        {
            info.FileName = setpriv;
            foreach (var argument in ParentDeathSignal.Arguments("TERM", Command.Program))
                info.ArgumentList.Add(argument);
        }

        foreach (var argument in Command.Arguments)
            info.ArgumentList.Add(argument);
        foreach (var (name, value) in Command.Environment)
            info.Environment[name] = value;
        return info;
    }

    private void Keep(string? line, Action<string>? onLine)
    {
        if (line is null)
            return;
        _output.Add(line);
        onLine?.Invoke(line);
    }

    private const int Sigterm = 15;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);
}
