using System.Diagnostics;
using Serverless.FunctionsHost.Rpc;
using Serverless.FunctionsHost.Settings;
using Serverless.Topology.Processes;

namespace Serverless.FunctionsHost.Worker;

/// <summary>Starts worker processes, with the arguments and the environment that the Functions host gives them.</summary>
internal sealed partial class WorkerLauncher(
    HostSettings settings, RpcServer server, PublicAddress address, ILogger<WorkerLauncher> logger)
{
    private readonly WorkerConfig _config = WorkerConfig.Read(settings.AppDirectory);
    private readonly string? _setpriv = ParentDeathSignal.FindSetpriv();
    private bool _warned;

    public async Task<WorkerProcess> StartAsync(string workerId)
    {
        if (_setpriv is null && !_warned)
        {
            _warned = true;
            LogNoDeathSignal();
        }

        var process = await WorkerProcess.StartAsync(Describe(workerId), LogOutput);
        LogStarted(process.Id, _config.WorkerPath);
        return process;
    }

    private ProcessStartInfo Describe(string workerId)
    {
        string[] arguments =
        [
            _config.WorkerPath,
            "--functions-uri", server.Address.ToString(),
            "--functions-worker-id", workerId,
            "--functions-request-id", Guid.NewGuid().ToString(),

            // Without it the worker's limit is 0 and its first message fails.
            "--functions-grpc-max-message-length", "2147483647",
        ];
        var start = new ProcessStartInfo(
            _setpriv ?? _config.Executable,
            // KILL, not TERM: a worker asked to stop politely still waits for its requests, which nobody can answer any more.
            _setpriv is null ? arguments : [.. ParentDeathSignal.Arguments("KILL", _config.Executable), .. arguments])
        {
            WorkingDirectory = settings.AppDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        WorkerEnvironment.Apply(start.Environment, settings, address.HostName);
        return start;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Worker process {Pid} started: {Path}")]
    private partial void LogStarted(int pid, string path);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "[worker] {Line}")]
    private partial void LogOutput(string line);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information,
        Message = "setpriv was not found: if this host is killed outright its worker process stays behind and must be ended by hand")]
    private partial void LogNoDeathSignal();
}
