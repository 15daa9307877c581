namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>Messages that may be delivered, lowest sequence number first, with returned ones in their old place.</summary>
internal sealed class ReadyMessages
{
    private readonly Queue<QueuedMessage> _arrived = new();
    private readonly PriorityQueue<QueuedMessage, long> _returned = new();
    private long _lastArrived;

    /// <summary>Messages that left otherwise than through <see cref="Dequeue"/> stay until they reach the front.</summary>
    public bool TryPeek(out QueuedMessage message)
    {
        Trim();
        var hasArrived = _arrived.TryPeek(out var arrived);
        var hasReturned = _returned.TryPeek(out var returned, out var number);
        message = hasReturned && (!hasArrived || number < arrived!.SequenceNumber) ? returned! : arrived!;
        return hasArrived || hasReturned;
    }

    public void Add(QueuedMessage message)
    {
        if (message.SequenceNumber > _lastArrived)
        {
            _lastArrived = message.SequenceNumber;
            _arrived.Enqueue(message);
        }
        else
        {
            _returned.Enqueue(message, message.SequenceNumber);
        }
    }

    public QueuedMessage Dequeue()
    {
        if (!TryPeek(out var message))
            throw new InvalidOperationException("No message is ready.");

        if (_arrived.TryPeek(out var arrived) && ReferenceEquals(arrived, message))
            _arrived.Dequeue();
        else
            _returned.Dequeue();
        return message;
    }

    private void Trim()
    {
        while (_arrived.TryPeek(out var arrived) && !IsReady(arrived))
            _arrived.Dequeue();
        while (_returned.TryPeek(out var returned, out _) && !IsReady(returned))
            _returned.Dequeue();
    }

    private static bool IsReady(QueuedMessage message) => message is { Status: MessageStatus.Active, Lock: null };
}
