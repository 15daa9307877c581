using System.Diagnostics.CodeAnalysis;

namespace Serverless.Inference.Execution.Caching;

/// <summary>
/// Answers of one model version by their inputs, the least recently used first to go. Of equal requests at the same time one runs.
/// </summary>
internal sealed class ResponseCache
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ContentKey, LinkedListNode<CachedAnswer>> _answers = [];
    private readonly LinkedList<CachedAnswer> _byUse = new();
    private readonly Dictionary<ContentKey, TaskCompletionSource<CachedAnswer?>> _running = [];
    private long _bytes;
    private long _budget;

    /// <summary>How many bytes may be kept; 0 keeps none.</summary>
    public long Budget
    {
        get => Volatile.Read(ref _budget);
        set
        {
            lock (_gate)
            {
                _budget = value;
                Evict();
            }
        }
    }

    public bool TryFind(ContentKey key, [NotNullWhen(true)] out CachedAnswer? answer)
    {
        lock (_gate)
        {
            answer = null;
            if (!_answers.TryGetValue(key, out var node))
                return false;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            answer = node.Value;
            return true;
        }
    }

    /// <summary>
    /// Null when the caller is to run the request itself and then <see cref="End"/>; otherwise what another's run gives, which is null
    /// when it failed.
    /// </summary>
    public Task<CachedAnswer?>? Begin(ContentKey key)
    {
        lock (_gate)
        {
            if (_running.TryGetValue(key, out var other))
                return other.Task;
            _running[key] = new TaskCompletionSource<CachedAnswer?>(TaskCreationOptions.RunContinuationsAsynchronously);
            return null;
        }
    }

    /// <summary>Tells those who wait, and keeps the answer if there is one and it fits.</summary>
    public void End(ContentKey key, CachedAnswer? answer)
    {
        TaskCompletionSource<CachedAnswer?>? waiting;
        lock (_gate)
        {
            _running.Remove(key, out waiting);
            if (answer is not null && answer.Bytes <= _budget && !_answers.ContainsKey(key))
            {
                _answers[key] = _byUse.AddFirst(answer);
                _bytes += answer.Bytes;
                Evict();
            }
        }

        waiting?.SetResult(answer);
    }

    private void Evict()
    {
        while (_bytes > _budget)
        {
            var oldest = _byUse.Last!.Value;
            _byUse.RemoveLast();
            _answers.Remove(oldest.Key);
            _bytes -= oldest.Bytes;
        }
    }
}
