namespace Serverless.FunctionsHost.Worker;

internal sealed partial class WorkerSupervisor
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Worker {Pid} is ready with {Count} functions")]
    private partial void LogReady(int pid, int count);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error,
        Message = "Worker {Pid} ended with exit code {ExitCode}; the next starts in {Pause}")]
    private partial void LogEnded(int pid, int exitCode, TimeSpan pause);

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "The worker did not start (attempt {Attempt}): {Reason}")]
    private partial void LogStartFailed(int attempt, string reason);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "{Count} calls are still running after {Drain}: they are cancelled")]
    private partial void LogDrainTimedOut(int count, TimeSpan drain);
}
