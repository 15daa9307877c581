using Azure;
using Serverless.Contracts.Jobs;

namespace Serverless.Worker.Jobs;

/// <summary>Looks every second whether a batch still wants answers.</summary>
internal sealed partial class BatchWatch : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _stop = new();

    public BatchWatch(ShardMessage message, ShardRows rows, TimeProvider time, ILogger logger) =>
        _ = WatchAsync(message, rows, time, logger, _stop.Token);

    /// <summary>The batch was cancelled, expired or is over.</summary>
    public CancellationToken Ended => _ended.Token;

    public void Dispose()
    {
        // The loop may still be in a read; it ends by itself, and sources without timers hold nothing.
        _stop.Cancel();
    }

    private async Task WatchAsync(ShardMessage message, ShardRows rows, TimeProvider time, ILogger logger, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(JobLimits.CancelPoll, time, stop);
                if (time.GetUtcNow() >= message.ExpiresAt || !await rows.IsWorkedOnAsync(message.Batch, stop))
                {
                    await _ended.CancelAsync();
                    return;
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception error) when (error is RequestFailedException or AggregateException or FormatException)
            {
                LogBlind(logger, message.Batch, error.Message);
            }
        }
    }

    [LoggerMessage(3, LogLevel.Warning, "The state of {Batch} could not be read: {Reason}")]
    private static partial void LogBlind(ILogger logger, string batch, string reason);
}
