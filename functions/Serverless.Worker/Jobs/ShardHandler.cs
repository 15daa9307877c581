using Azure;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Jobs;

namespace Serverless.Worker.Jobs;

/// <summary>
/// Answers one delivery of a shard's message. Whatever step it dies after, the next delivery finds what is done and does the rest; see
/// docs/jobs.md for the order and why it holds.
/// </summary>
internal sealed partial class ShardHandler(
    ShardRows rows, SegmentStore segments, JobEvents events, ShardRun run, ShardQueue queue, IOptions<JobOptions> options, TimeProvider time,
    ILogger<ShardHandler> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>Handles a delivery and says how to settle it.</summary>
    /// <param name="message">The shard.</param>
    /// <param name="stop">The worker is stopping: what is finished is sealed and the rest sent on.</param>
    /// <param name="lost">The lock is lost: somebody else may have the message.</param>
    public async Task<Settlement> HandleAsync(ShardMessage message, CancellationToken stop, CancellationToken lost)
    {
        using var expiry = new CancellationTokenSource(options.Value.MaxRun, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, lost, expiry.Token);
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await TryAsync(message, end.Token, lost);
            }
            catch (ShardFailedException failure)
            {
                LogFailed(logger, message.MessageId, failure.Reason, failure.Message);
                return Settlement.DeadLetter(failure.Reason, failure.Message);
            }
            catch (Exception error) when (IsTransient(error))
            {
                // Storage or Service Bus is away. Waiting here keeps the message's few deliveries for hosts that die.
                LogWaiting(logger, message.MessageId, pause, error);
                if (!await WaitAsync(pause, end.Token))
                    return lost.IsCancellationRequested ? Settlement.Leave("lock_lost") : Settlement.Abandon("abandoned");
            }
        }
    }

    private async Task<Settlement> TryAsync(ShardMessage message, CancellationToken end, CancellationToken lost)
    {
        if (await CheckAsync(message) is { } settled)
            return settled;
        using var watch = new BatchWatch(message, rows, time, logger);
        using var halt = CancellationTokenSource.CreateLinkedTokenSource(end, watch.Ended);
        while (true)
        {
            var chain = await segments.FollowAsync(message, CancellationToken.None);
            if (chain.Next >= message.First + message.Lines)
            {
                await events.SendAsync(message, BatchEventKind.Done, CancellationToken.None);
                return Settlement.Complete("done");
            }

            if (await run.RunAsync(message, chain, halt.Token) != RunEnd.Halted)
                continue;
            if (lost.IsCancellationRequested)
                return Settlement.Leave("lock_lost");
            return watch.Ended.IsCancellationRequested ? await StopAsync(message) : await ContinueAsync(message);
        }
    }

    private async Task<Settlement?> CheckAsync(ShardMessage message)
    {
        if (await rows.FindAsync(message.Batch, message.Shard, CancellationToken.None) is not { IsOver: false } row)
            return Settlement.Complete("over");
        if (row.Epoch > message.Epoch)
        {
            // Whoever raised the epoch may have died before it sent: sending what it meant to send again costs nothing.
            await queue.SendAsync(message with { Epoch = row.Epoch }, CancellationToken.None);
            return Settlement.Complete("stale");
        }

        if (row.Epoch < message.Epoch)
            throw ShardFailedException.Invalid($"The message's epoch {message.Epoch} is ahead of the shard's, {row.Epoch}.");
        return time.GetUtcNow() >= message.ExpiresAt || !await rows.IsWorkedOnAsync(message.Batch, CancellationToken.None)
            ? await StopAsync(message)
            : null;
    }

    private async Task<Settlement> StopAsync(ShardMessage message)
    {
        await events.SendAsync(message, BatchEventKind.Stopped, CancellationToken.None);
        return Settlement.Complete("stopped");
    }

    private async Task<Settlement> ContinueAsync(ShardMessage message)
    {
        var row = await rows.FindAsync(message.Batch, message.Shard, CancellationToken.None);
        var next = message with { Epoch = message.Epoch + 1 };
        if (row?.Epoch != message.Epoch
            || !await rows.TryRaiseAsync(message.Batch, message.Shard, next.Epoch, row.ETag, CancellationToken.None))
        {
            // Somebody else has the shard now; its own message says the rest.
            return await CheckAsync(message) ?? Settlement.Abandon("abandoned");
        }

        await queue.SendAsync(next, CancellationToken.None);
        await events.SendAsync(message, BatchEventKind.Progress, CancellationToken.None);
        return Settlement.Complete("continued");
    }

    private async Task<bool> WaitAsync(TimeSpan pause, CancellationToken end)
    {
        try
        {
            await Task.Delay(pause, time, end);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static bool IsTransient(Exception error) =>
        error is RequestFailedException or ServiceBusException or IOException or HttpRequestException or AggregateException;

    [LoggerMessage(1, LogLevel.Error, "Shard {Shard} failed ({Reason}): {Message}")]
    private static partial void LogFailed(ILogger logger, string shard, string reason, string message);

    [LoggerMessage(2, LogLevel.Warning, "Shard {Shard} waits {Pause} for storage or Service Bus")]
    private static partial void LogWaiting(ILogger logger, string shard, TimeSpan pause, Exception error);
}
