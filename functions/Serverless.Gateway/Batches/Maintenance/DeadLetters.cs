using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Batches.Running;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches.Maintenance;

/// <summary>
/// Takes the dead letters of the shard queue: what lost its hosts is driven again, within a limit; what failed by itself is given up.
/// </summary>
internal sealed partial class DeadLetters(
    ServiceBusClient serviceBus, BatchTable batches, ShardCount count, ShardRelease release, JobQueues queues, IOptions<JobOptions> options,
    ILogger<DeadLetters> logger) : IAsyncDisposable
{
    private const string ChangedMeanwhile = "The shard was changed meanwhile; the dead letter is looked at again.";
    private const int MaxReason = 500;

    private readonly DeadLetterQueue _queue = new(serviceBus, ServiceBusQueues.Shards);

    /// <summary>Handles what lies there now; returns how many.</summary>
    public Task<int> RunAsync(CancellationToken cancellationToken) =>
        _queue.DrainAsync(message => HandleAsync(message, cancellationToken), cancellationToken);

    public ValueTask DisposeAsync() => _queue.DisposeAsync();

    private async Task HandleAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken)
    {
        if (Read(message) is not { } shard)
        {
            LogForeign(message.MessageId, message.DeadLetterReason);
            return;
        }

        if (await batches.FindAsync(shard.Batch, cancellationToken) is not { State: BatchStatus.InProgress } batch
            || await count.CountAsync(batch, shard.Shard, stoppedEpoch: null, cancellationToken) is not { IsOut: true } row
            || row.Epoch > shard.Epoch)
        {
            // Of a batch that ended, of a shard that is done, or of an epoch that has a successor.
            await queues.SendCheckAsync(shard.Batch, TimeSpan.Zero, cancellationToken);
            return;
        }

        if (message.DeadLetterReason is DeadLetterQueue.DeliveriesExceeded or DeadLetterQueue.TimeToLiveExpired)
            await DriveAgainAsync(batch, row, isCrash: message.DeadLetterReason == DeadLetterQueue.DeliveriesExceeded, cancellationToken);
        else
            await GiveUpAsync(row, $"{message.DeadLetterReason}: {message.DeadLetterErrorDescription}", cancellationToken);
        await queues.SendCheckAsync(shard.Batch, TimeSpan.Zero, cancellationToken);
    }

    private async Task DriveAgainAsync(BatchRow batch, ShardRow row, bool isCrash, CancellationToken cancellationToken)
    {
        if (isCrash)
            row.Crashes = row.Answered > row.LinesAtRedrive ? 1 : row.Crashes + 1;
        row.LinesAtRedrive = row.Answered;
        if (row.Crashes > options.Value.CrashLimit)
        {
            await GiveUpAsync(
                row,
                $"the hosts that ran it were lost {row.Crashes} times in a row; request {row.First + row.Answered} was next",
                cancellationToken);
            return;
        }

        LogDrivenAgain(batch.Id, row.Number, row.Epoch + 1);
        if (!await release.ReleaseAsync(batch, row, cancellationToken))
            throw new InvalidOperationException(ChangedMeanwhile);
    }

    private async Task GiveUpAsync(ShardRow row, string reason, CancellationToken cancellationToken)
    {
        row.Is = ShardState.Failed;
        row.Reason = reason.Length > MaxReason ? reason[..MaxReason] : reason;
        LogGivenUp(row.PartitionKey, row.Number, row.Reason);
        if (!await batches.TryUpdateAsync(row, cancellationToken))
            throw new InvalidOperationException(ChangedMeanwhile);
    }

    private static ShardMessage? Read(ServiceBusReceivedMessage message)
    {
        try
        {
            return JsonSerializer.Deserialize(message.Body, JobJson.Default.ShardMessage);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Batch {Batch}, shard {Shard}: its hosts were lost, driven again with epoch {Epoch}")]
    private partial void LogDrivenAgain(string batch, int shard, int epoch);

    [LoggerMessage(2, LogLevel.Error, "Batch {Batch}, shard {Shard} was given up: {Reason}")]
    private partial void LogGivenUp(string batch, int shard, string reason);

    [LoggerMessage(3, LogLevel.Error, "Dead letter {MessageId} ({Reason}) of the shard queue is no shard; dropped")]
    private partial void LogForeign(string messageId, string reason);
}
