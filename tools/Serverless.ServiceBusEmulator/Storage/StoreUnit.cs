namespace Serverless.ServiceBusEmulator.Storage;

/// <summary>Changes that become durable together, and what waits for that.</summary>
internal sealed class StoreUnit
{
    public List<StoreOperation> Operations { get; } = [];

    /// <summary>Run, in order, once the operations are on disk: they tell clients, and must not throw.</summary>
    public List<Action> Committed { get; } = [];

    private volatile bool _isCommitted;

    public bool IsCommitted => _isCommitted;

    public bool IsEmpty => Operations.Count == 0 && Committed.Count == 0;

    /// <summary>Called by the store, which lets go of the contents and answers whoever waits.</summary>
    public void Commit()
    {
        _isCommitted = true;
        Operations.Clear();
        foreach (var action in Committed)
            action();
        Committed.Clear();
    }
}
