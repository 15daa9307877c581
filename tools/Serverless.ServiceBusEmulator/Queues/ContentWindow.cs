using Serverless.ServiceBusEmulator.Storage;

namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>
/// Decides which contents of a queue stay in memory. The oldest do, up to the shared budget, because they are delivered
/// next; the rest is dropped once it is on disk and read back in runs shortly before it is needed.
/// </summary>
internal sealed class ContentWindow(QueueContext context, long storeId)
{
    // One read brings in the next messages too: 256 of them, or 1 MiB, cost little more than one.
    private const int ReadAheadCount = 256;
    private const long ReadAheadBytes = 1024 * 1024;

    private readonly Queue<(QueuedMessage Message, StoreUnit Unit)> _uncommitted = new();

    /// <summary>To be called for each new message: keeps its content while the budget lasts.</summary>
    public void Watch(QueuedMessage message)
    {
        if (!context.Store.IsDurable)
            return;

        DropCommitted();
        message.IsCached = context.Cache.TryReserve(message.Size);
        if (!message.IsCached)
            _uncommitted.Enqueue((message, context.Loop.CurrentUnit));
    }

    /// <summary>The content, read from disk with its followers where it is not in memory.</summary>
    public byte[] Get(QueuedMessage message, SequenceIndex index)
    {
        if (message.Content is { } content)
            return content;

        var first = RowId.Of(storeId, message.SequenceNumber);
        var last = RowId.Of(storeId + 1, 0) - 1;
        context.Store.ReadContents(
            new ContentRange(first, last, ReadAheadCount, ReadAheadBytes),
            (rowId, bytes) =>
            {
                var follower = index.Find(RowId.SequenceNumber(rowId));
                if (follower is { Content: null, Status: MessageStatus.Active, Lock: null } || ReferenceEquals(follower, message))
                    follower.Content = bytes;
            });
        return message.Content ?? throw Missing(message);
    }

    /// <summary>The content for somebody who only looks: nothing is kept, so that browsing a backlog does not fill the memory.</summary>
    public byte[] Look(QueuedMessage message)
    {
        var content = message.Content;
        var rowId = RowId.Of(storeId, message.SequenceNumber);
        if (content is null)
            context.Store.ReadContents(new ContentRange(rowId, rowId, 1, long.MaxValue), (_, bytes) => content = bytes);
        return content ?? throw Missing(message);
    }

    /// <summary>The content changed: the new one stays in memory, for it may not be on disk yet.</summary>
    public void Replace(QueuedMessage message, byte[] content)
    {
        if (message.IsCached)
        {
            context.Cache.Release(message.Size);
            message.IsCached = false;
        }

        message.Content = content;
        message.Size = content.Length;
    }

    public void Release(QueuedMessage message)
    {
        if (message.IsCached)
            context.Cache.Release(message.Size);
        message.IsCached = false;
        message.Content = null;
    }

    private void DropCommitted()
    {
        while (_uncommitted.TryPeek(out var oldest) && oldest.Unit.IsCommitted)
        {
            _uncommitted.Dequeue();
            oldest.Message.Content = null;
        }
    }

    private InvalidOperationException Missing(QueuedMessage message) =>
        new($"The content of message {message.SequenceNumber} in store {storeId} is not on disk.");
}
