using Serverless.ServiceBusEmulator.Storage;

namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>Duplicate detection.</summary>
internal sealed partial class MessageQueue
{
    private readonly DuplicateHistory _duplicates = new();

    /// <summary>Whether the id was seen within the window; otherwise it is remembered from now on.</summary>
    public bool RegisterDuplicate(string? messageId)
    {
        if (!Options.RequiresDuplicateDetection || messageId is null)
            return false;

        var now = _context.NowTicks;
        if (_duplicates.Contains(messageId, now))
            return true;

        var expires = now + Options.DuplicateDetectionHistoryTimeWindow.Ticks;
        _duplicates.Add(messageId, expires);
        _context.Loop.Write(StoreOperation.InsertDuplicate(StoreId, messageId, expires));
        return false;
    }

    private void ForgetOldDuplicates(long now)
    {
        if (_duplicates.Forget(now))
            _context.Loop.Write(StoreOperation.ExpireDuplicates(StoreId, now));
    }
}
