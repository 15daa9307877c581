using System.Collections.Concurrent;
using Serverless.ServiceBusEmulator.Storage;

namespace Serverless.ServiceBusEmulator.Entities;

/// <summary>
/// The one place where an entity's state is touched: work runs here one piece after the other. What a round of work wrote
/// goes to the store as one unit, and callers are answered when that is durable.
/// </summary>
internal sealed partial class EntityLoop : IThreadPoolWorkItem, IDisposable
{
    // A round ends after this many pieces, so that a busy queue neither holds a thread for long nor delays its answers.
    private const int RoundLimit = 128;

    private readonly ConcurrentQueue<Action> _work = new();
    private readonly IMessageStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Queue<Action> _handovers = new();
    private long _timerDue = long.MaxValue;
    private int _running;

    public EntityLoop(IMessageStore store, TimeProvider time, ILogger logger)
    {
        _store = store;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(_ => Post(OnTimer), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Does what came due and says when the next thing does; asked after each round.</summary>
    public Func<long, long>? Deadlines { get; set; }

    public IMessageStore Store => _store;

    public long NowTicks => _time.GetUtcNow().UtcTicks;

    public void Post(Action work)
    {
        _work.Enqueue(work);
        if (Interlocked.CompareExchange(ref _running, 1, 0) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Runs work on the loop; its result is given once what it wrote is durable.</summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                var result = work();
                OnCommitted(() => completion.TrySetResult(result));
            }
            catch (BrokerException exception)
            {
                completion.TrySetException(exception);
            }
            catch (Exception exception)
            {
                completion.TrySetException(new BrokerException(BrokerError.Internal, "The emulator failed; its log says how."));
                LogFailed(exception);
            }
        });
        return completion.Task;
    }

    public Task RunAsync(Action work) => RunAsync(() =>
    {
        work();
        return true;
    });

    /// <summary>Returns when everything posted so far has run and is with the store, be it durable yet or not.</summary>
    public Task DrainAsync()
    {
        var drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => HandOver(drained.SetResult));
        return drained.Task;
    }

    /// <summary>Adds a change to the unit of this round.</summary>
    public void Write(StoreOperation operation)
    {
        if (_store.IsDurable)
            CurrentUnit.Operations.Add(operation);
    }

    public void OnCommitted(Action action) => CurrentUnit.Committed.Add(action);

    /// <summary>For giving something to another loop, whose writes must come after those of this round.</summary>
    public void HandOver(Action action) => _handovers.Enqueue(action);

    /// <summary>What this round has written so far.</summary>
    public StoreUnit CurrentUnit { get; private set; } = new();

    void IThreadPoolWorkItem.Execute()
    {
        for (var count = 0; count < RoundLimit && _parked is null && _work.TryDequeue(out var work); count++)
            RunGuarded(work);

        Flush();
        SetTimer();
        if (_parked is { } parked)
        {
            // Still marked as running: nothing else can start it until Resume does.
            parked.SetResult();
            return;
        }

        // A full fence: with less, a piece posted right now could be seen by neither side and wait for the next one.
        Interlocked.Exchange(ref _running, 0);
        if (!_work.IsEmpty && Interlocked.CompareExchange(ref _running, 1, 0) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Flush()
    {
        if (!CurrentUnit.IsEmpty)
        {
            _store.Append(CurrentUnit);
            CurrentUnit = new StoreUnit();
        }

        while (_handovers.TryDequeue(out var action))
            RunGuarded(action);
    }

    /// <summary>One broken piece must end neither the loop nor the process.</summary>
    private void RunGuarded(Action work)
    {
        try
        {
            work();
        }
        catch (Exception exception)
        {
            LogFailed(exception);
        }
    }

    private void OnTimer() => _timerDue = long.MaxValue;

    private void SetTimer()
    {
        // What comes due during its own round is done in the next one: the timer then fires at once.
        var now = NowTicks;
        var due = now + TimeSpan.TicksPerSecond;
        RunGuarded(() => due = Deadlines?.Invoke(now) ?? long.MaxValue);
        Flush();
        if (due == long.MaxValue || due >= _timerDue)
            return;

        _timerDue = due;
        // Timers count whole milliseconds; a tick early would find nothing due and spin.
        var wait = Math.Max(1, ((due - now) / TimeSpan.TicksPerMillisecond) + 1);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Min(wait, int.MaxValue)), Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    [LoggerMessage(1, LogLevel.Error, "Work on an entity failed")]
    private partial void LogFailed(Exception exception);
}
