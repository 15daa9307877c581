namespace Serverless.Scaling;

/// <summary>What was recommended within the stabilisation window.</summary>
internal sealed class Recommendations(TimeProvider time, TimeSpan window)
{
    // Falling counts only: an older and lower one can never be the highest again. The first is the highest.
    private readonly LinkedList<(long At, int Replicas)> _falling = [];

    public bool IsEmpty => _falling.Count == 0;

    public void Add(int replicas)
    {
        while (_falling.Last is { } last && last.Value.Replicas <= replicas)
            _falling.RemoveLast();

        _falling.AddLast((time.GetTimestamp(), replicas));
    }

    public int Highest()
    {
        while (_falling.Count > 1 && time.GetElapsedTime(_falling.First!.Value.At) >= window)
            _falling.RemoveFirst();

        return _falling.First!.Value.Replicas;
    }

    public void Clear() => _falling.Clear();
}
