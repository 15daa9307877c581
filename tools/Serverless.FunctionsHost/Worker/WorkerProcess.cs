using System.Diagnostics;

namespace Serverless.FunctionsHost.Worker;

/// <summary>One run of the worker's process.</summary>
internal sealed class WorkerProcess : IDisposable
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

    public void Dispose() => _process.Dispose();

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

        _process.WaitForExit();
        _exited.SetResult(_process.ExitCode);
    }

    private static void Forward(string? line, Action<string> output)
    {
        const string logPrefix = "LanguageWorkerConsoleLog";
        if (string.IsNullOrEmpty(line)) return;
        output(line.StartsWith(logPrefix, StringComparison.Ordinal) ? line[logPrefix.Length..] : line);
    }
}
