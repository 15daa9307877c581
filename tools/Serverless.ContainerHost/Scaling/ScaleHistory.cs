namespace Serverless.ContainerHost.Scaling;

/// <summary>The last changes of the number of replicas.</summary>
internal sealed class ScaleHistory
{
    private const int Kept = 200;

    private readonly Queue<ScaleDecision> _decisions = new(Kept);

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<ScaleDecision> Decisions
    {
        get
        {
            lock (_decisions)
                return [.. _decisions];
        }
    }

    public void Add(ScaleDecision decision)
    {
        lock (_decisions)
        {
            if (_decisions.Count == Kept)
                _decisions.Dequeue();
            _decisions.Enqueue(decision);
        }
    }
}
