using System.Collections.Concurrent;

namespace Serverless.TestKit.Fuzzing;

/// <summary>What came back of broken requests.</summary>
public sealed class FuzzAnswers
{
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private int _silent;

    /// <summary>How many answers had each status; 0 is for connections closed without one.</summary>
    public IReadOnlyDictionary<int, int> Statuses => _statuses;

    /// <summary>
    /// Connections closed without an answer though the request was whole. Where it announces more than is sent and the client's side is then
    /// closed, Kestrel takes the client for gone and answers nothing; a whole request must always be answered.
    /// </summary>
    public int Silent => _silent;

    internal void Add(int status, bool whole)
    {
        _statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
        if (status == 0 && whole)
            Interlocked.Increment(ref _silent);
    }
}
