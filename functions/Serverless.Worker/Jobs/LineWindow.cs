namespace Serverless.Worker.Jobs;

/// <summary>
/// How many lines of a shard run at once. It begins with a few batches' worth and grows while answers come quickly, since a batch chosen
/// from more lines has less padding (lengths as in a corpus: 8 % of a run among 128 lines, 2 % among 512); it shrinks while lines wait long
/// or are refused.
/// </summary>
internal sealed class LineWindow(JobOptions options)
{
    /// <summary>Lines that run at once before anything is known of their model.</summary>
    public const int First = 128;

    // Some seconds of work: what a killed worker loses, and what a stop has to wait for at most.
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly int _first = Math.Min(First, options.LinesInFlight);
    private TaskCompletionSource? _waiter;
    private int _size = Math.Min(First, options.LinesInFlight);
    private int _lines;
    private long _bytes;

    /// <summary>Lines that may run at once now.</summary>
    public int Size
    {
        get
        {
            lock (_gate)
                return _size;
        }
    }

    /// <summary>Waits until a line of <paramref name="bytes"/> may run too. One line may always run. For one caller at a time.</summary>
    public async Task EnterAsync(int bytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task wait;
            lock (_gate)
            {
                if (_lines == 0 || (_lines < _size && _bytes + bytes <= options.BytesInFlight))
                {
                    _lines++;
                    _bytes += bytes;
                    return;
                }

                _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                wait = _waiter.Task;
            }

            await wait.WaitAsync(cancellationToken);
        }
    }

    /// <summary>A line of <paramref name="bytes"/> has its answer, after <paramref name="time"/>.</summary>
    public void Leave(int bytes, TimeSpan time)
    {
        TaskCompletionSource? waiter;
        lock (_gate)
        {
            _lines--;
            _bytes -= bytes;
            if (time < Quick && _size < options.LinesInFlight)
                _size++;
            else if (time > Slow && _size > _first)
                _size--;
            (waiter, _waiter) = (_waiter, null);
        }

        waiter?.TrySetResult();
    }

    /// <summary>The engine had no place or no time for a line, which is tried again.</summary>
    public void Refused()
    {
        lock (_gate)
            _size = Math.Max(1, _size - 1);
    }
}
