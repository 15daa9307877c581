namespace Serverless.Inference.Execution.Batching;

/// <summary>Runs gathered calls, those of one model together as far as they go.</summary>
internal sealed class GatheredCalls : IThreadPoolWorkItem
{
    private readonly List<GatheredCall> _calls = [];

    public bool IsEmpty => _calls.Count == 0;

    public void Add(GatheredCall call) => _calls.Add(call);

    public void Execute()
    {
        for (var head = 0; head < _calls.Count; head++)
        {
            if (_calls[head].Instance is { } instance)
                instance.RunHere(Take(head, instance));
        }

        _calls.Clear();
    }

    // What is taken loses its instance: it keeps its place in the list, which is walked once.
    private Batch Take(int head, ModelInstance instance)
    {
        var batch = new Batch();
        batch.Add(_calls[head].Item);
        for (var i = head + 1; i < _calls.Count; i++)
        {
            var (other, item) = _calls[i];
            if (other != instance || !instance.Joins(batch, item))
                continue;
            batch.Add(item);
            _calls[i] = default;
        }

        return batch;
    }
}
