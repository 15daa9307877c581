using System.Runtime.CompilerServices;

namespace Serverless.Worker.Transport;

/// <summary>Awaiting it goes on on the thread pool, at once where this is one of its threads.</summary>
internal readonly struct ThreadPoolTurn : ICriticalNotifyCompletion
{
    /// <summary>Whether nothing needs to move.</summary>
    public bool IsCompleted => PollingLoop.Current is null;

    /// <summary>What to await.</summary>
    public static ThreadPoolTurn Take() => default;

    public ThreadPoolTurn GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) =>
        ThreadPool.QueueUserWorkItem(static action => action(), continuation, preferLocal: false);

    public void UnsafeOnCompleted(Action continuation) =>
        ThreadPool.UnsafeQueueUserWorkItem(static action => action(), continuation, preferLocal: false);
}
