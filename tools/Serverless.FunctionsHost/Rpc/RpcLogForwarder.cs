using System.Collections.Concurrent;
using Serverless.FunctionsHost.Rpc.Messages;

namespace Serverless.FunctionsHost.Rpc;

/// <summary>
/// Writes what the worker logs as the host's log lines, under <c>Worker.</c> and the worker's own category. The prefix keeps them
/// out of the host's OTLP export: a worker exports its own.
/// </summary>
internal sealed partial class RpcLogForwarder(ILoggerFactory loggers)
{
    public const string CategoryPrefix = "Worker.";

    private readonly ConcurrentDictionary<string, ILogger> _byCategory = new();

    public void Write(RpcLog entry)
    {
        if (entry.LogCategory == RpcLog.Types.RpcLogCategory.CustomMetric) return;
        var logger = _byCategory.GetOrAdd(entry.Category, static (c, l) => l.CreateLogger(CategoryPrefix + c), loggers);
        var level = (LogLevel)Math.Clamp((int)entry.Level, (int)LogLevel.Trace, (int)LogLevel.None);
        if (!logger.IsEnabled(level)) return;
        if (entry.Exception is { } exception) LogFailure(logger, level, entry.Message, exception.Message, exception.StackTrace);
        else LogEntry(logger, level, entry.Message);
    }

    [LoggerMessage(EventId = 1, Message = "{Text}")]
    private static partial void LogEntry(ILogger logger, LogLevel level, string text);

    [LoggerMessage(EventId = 2, Message = "{Text}\n{Error}\n{StackTrace}")]
    private static partial void LogFailure(ILogger logger, LogLevel level, string text, string error, string stackTrace);
}
