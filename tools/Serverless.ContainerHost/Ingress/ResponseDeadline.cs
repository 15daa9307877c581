namespace Serverless.ContainerHost.Ingress;

/// <summary>How long a request may go without a byte of its answer, holding included.</summary>
internal sealed class ResponseDeadline : IDisposable
{
    /// <summary>What Container Apps allows.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(240);

    private readonly CancellationTokenSource _limit;

    public ResponseDeadline(TimeProvider time) => _limit = new CancellationTokenSource(Limit, time);

    /// <summary>Cancelled when the time is over.</summary>
    public CancellationToken Token => _limit.Token;

    public bool HasPassed => _limit.IsCancellationRequested;

    /// <summary>The answer has begun: from here on only silence counts.</summary>
    public void Lift() => _limit.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose() => _limit.Dispose();
}
