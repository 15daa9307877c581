using Azure;

namespace Serverless.FunctionsHost.Queues;

/// <summary>
/// Keeps a received message hidden for as long as its function runs: renewed at half of the lease, because a renewal may be slow or
/// may fail once. If the lease is lost the function still ends, but its message is somebody else's then.
/// </summary>
internal sealed partial class MessageLease : IAsyncDisposable
{
    private readonly AppQueue _queue;
    private readonly string _id;
    private readonly TimeSpan _duration;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _renewing;

    public MessageLease(AppQueue queue, (string Id, string PopReceipt) message, TimeSpan duration, TimeProvider time, ILogger logger)
    {
        (_queue, _id, _duration, _time, _logger) = (queue, message.Id, duration, time, logger);
        PopReceipt = message.PopReceipt;
        _renewing = RenewAsync();
    }

    /// <summary>The receipt of the last renewal; only this one opens the message.</summary>
    public string PopReceipt { get; private set; }

    /// <summary>Ends the renewals, so that the receipt no longer changes.</summary>
    public async Task EndAsync()
    {
        await _ended.CancelAsync();
        await _renewing;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _ended.Dispose();
    }

    private async Task RenewAsync()
    {
        while (true)
        {
            try
            {
                await Task.Delay(_duration / 2, _time, _ended.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                // Not cancelled midway: the receipt that the service would have answered with is needed to finish the message.
                PopReceipt = await _queue.HideAsync(_id, PopReceipt, _duration, CancellationToken.None);
            }
            catch (RequestFailedException e)
            {
                LogRenewalFailed(_logger, _id, _queue.Name, e.Message);
            }
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The lease of message {Id} in {Queue} was not renewed: {Reason}")]
    private static partial void LogRenewalFailed(ILogger logger, string id, string queue, string reason);
}
