namespace Serverless.Inference.Lifecycle;

/// <summary>Memory taken for one load of a model, until disposed.</summary>
internal sealed class RoomTicket(MemoryRoom room, VersionSlot slot, long bytes) : IDisposable
{
    private volatile bool _isLeaving;

    public VersionSlot Slot => slot;

    public long Bytes => bytes;

    /// <summary>Whether the model has been let go of and only finishes what it has.</summary>
    public bool IsLeaving
    {
        get => _isLeaving;
        set => _isLeaving = value;
    }

    public void Dispose() => room.Leave(this);
}
