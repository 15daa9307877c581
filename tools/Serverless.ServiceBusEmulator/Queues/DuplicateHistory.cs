namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>The message ids of the last while.</summary>
internal sealed class DuplicateHistory
{
    private readonly Dictionary<string, long> _expirations = new(StringComparer.Ordinal);
    private readonly Queue<(string MessageId, long ExpiresTicks)> _order = new();

    public long NextTicks() => _order.TryPeek(out var oldest) ? oldest.ExpiresTicks : long.MaxValue;

    public bool Contains(string messageId, long now) => _expirations.TryGetValue(messageId, out var expires) && expires > now;

    public void Add(string messageId, long expiresTicks)
    {
        _expirations[messageId] = expiresTicks;
        _order.Enqueue((messageId, expiresTicks));
    }

    /// <summary>Whether anything was forgotten.</summary>
    public bool Forget(long now)
    {
        var any = false;
        while (_order.TryPeek(out var oldest) && oldest.ExpiresTicks <= now)
        {
            _order.Dequeue();
            any = true;
            if (_expirations.TryGetValue(oldest.MessageId, out var expires) && expires <= now)
                _expirations.Remove(oldest.MessageId);
        }

        return any;
    }
}
