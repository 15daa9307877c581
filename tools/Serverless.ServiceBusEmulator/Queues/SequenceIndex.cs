namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>
/// All messages of a store by sequence number. Numbers nearly always grow, so a sorted array with a moving head costs
/// eight bytes a message where a tree would cost sixty; removed messages stay as marks until the array is packed.
/// </summary>
internal sealed class SequenceIndex
{
    private QueuedMessage?[] _items = new QueuedMessage?[16];
    private int _head;
    private int _tail;

    public int Count { get; private set; }

    public void Add(QueuedMessage message)
    {
        if (_tail == _items.Length)
            MakeRoom();

        var position = _tail;
        if (_tail > _head && _items[_tail - 1]!.SequenceNumber > message.SequenceNumber)
        {
            // Dead letters keep their numbers and may arrive out of order, by little.
            position = LowerBound(message.SequenceNumber);
            Array.Copy(_items, position, _items, position + 1, _tail - position);
        }

        _items[position] = message;
        _tail++;
        Count++;
    }

    public QueuedMessage? Find(long sequenceNumber)
    {
        var position = LowerBound(sequenceNumber);
        return position < _tail && _items[position] is { Status: not MessageStatus.Removed } found
            && found.SequenceNumber == sequenceNumber ? found : null;
    }

    /// <summary>The message must have been marked as removed.</summary>
    public void Forget(QueuedMessage message)
    {
        Count--;
        while (_head < _tail && _items[_head]!.Status == MessageStatus.Removed)
            _items[_head++] = null;
        if (_head == _tail)
            _head = _tail = 0;
        else if (_tail - _head > 1024 && Count < (_tail - _head) / 2)
            Pack(_items.Length);
    }

    public IEnumerable<QueuedMessage> From(long sequenceNumber)
    {
        for (var position = LowerBound(sequenceNumber); position < _tail; position++)
        {
            if (_items[position]!.Status != MessageStatus.Removed)
                yield return _items[position]!;
        }
    }

    private int LowerBound(long sequenceNumber)
    {
        var low = _head;
        var high = _tail;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_items[middle]!.SequenceNumber < sequenceNumber)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void MakeRoom() => Pack(Count > _items.Length / 2 ? _items.Length * 2 : _items.Length);

    private void Pack(int capacity)
    {
        var packed = new QueuedMessage?[Math.Max(capacity, 16)];
        var count = 0;
        for (var position = _head; position < _tail; position++)
        {
            if (_items[position]!.Status != MessageStatus.Removed)
                packed[count++] = _items[position];
        }

        _items = packed;
        _head = 0;
        _tail = count;
    }
}
