using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Serverless.FunctionsHost.Worker;

/// <summary>One run of the worker's process.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Its own thread disposes of the process when it has ended.")]
internal sealed class WorkerProcess
{
    private readonly Process _process;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WorkerProcess(ProcessStartInfo start, Action<string> output)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Forward(e.Data, output);
        _process.ErrorDataReceived += (_, e) => Forward(e.Data, output);
    }

    public int Id { get; private set; }

    /// <summary>Completes with the exit code.</summary>
    public Task<int> Exited => _exited.Task;

    public static async Task<WorkerProcess> StartAsync(ProcessStartInfo start, Action<string> output)
    {
        var worker = new WorkerProcess(start, output);

        // A parent-death signal is tied to the thread that started the process, so that thread lives as long as the worker does.
        new Thread(worker.Run) { IsBackground = true, Name = "Worker process" }.Start();
        await worker._started.Task;
        return worker;
    }

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
        }
    }

    private void Run()
    {
        try
        {
            _process.Start();
            Id = _process.Id;
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
            _started.SetResult();
        }
        catch (Exception e)
        {
            _started.TrySetException(e);
            return;
        }

        // With a limit the wait is for the process alone; without one also for the end of its output, which a child of it may hold
        // open. The end is told first, and what output is left is read after.
        while (!_process.WaitForExit(int.MaxValue))
        {
        }

        _exited.SetResult(_process.ExitCode);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static void Forward(string? line, Action<string> output)
    {
        const string logPrefix = "LanguageWorkerConsoleLog";
        if (string.IsNullOrEmpty(line)) return;
        output(line.StartsWith(logPrefix, StringComparison.Ordinal) ? line[logPrefix.Length..] : line);
    }
}
