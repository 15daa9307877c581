namespace Serverless.Gateway.Forwarding.Streams;

/// <summary>Ends what waits when nothing happens for too long, or when the client leaves.</summary>
internal sealed class Silence : IDisposable
{
    private readonly CancellationTokenSource _limit;
    private readonly CancellationTokenSource _either;
    private readonly TimeSpan _most;

    /// <param name="first">Cancelled when the first byte comes too late.</param>
    /// <param name="most">How long it may be silent after that.</param>
    /// <param name="clientLeft">Cancelled when the client leaves.</param>
    public Silence(CancellationTokenSource first, TimeSpan most, CancellationToken clientLeft)
    {
        (_limit, _most, ClientLeft) = (first, most, clientLeft);
        _either = CancellationTokenSource.CreateLinkedTokenSource(first.Token, clientLeft);
    }

    public CancellationToken Token => _either.Token;

    public CancellationToken ClientLeft { get; }

    /// <summary>Whether it was silent for too long.</summary>
    public bool IsOver => _limit.IsCancellationRequested;

    /// <summary>Something came.</summary>
    public void Restart() => _limit.CancelAfter(_most);

    /// <summary>Ends what waits now.</summary>
    public void End() => _either.Cancel();

    public void Dispose()
    {
        _either.Dispose();
        _limit.Dispose();
    }
}
