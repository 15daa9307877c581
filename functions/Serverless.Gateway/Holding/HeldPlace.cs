namespace Serverless.Gateway.Holding;

/// <summary>A request's place among those that wait, until it is disposed of.</summary>
internal sealed class HeldPlace(HeldRequests owner, string model, string tenant, TimeProvider time) : IDisposable
{
    private readonly long _entered = time.GetTimestamp();
    private int _left;

    public string Model => model;

    public string Tenant => tenant;

    /// <summary>How the wait ended, for metrics: the client left, unless somebody says otherwise.</summary>
    public string Outcome { get; set; } = HoldingMetrics.Left;

    /// <summary>How long it waits.</summary>
    public TimeSpan Waited => time.GetElapsedTime(_entered);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
            owner.Leave(this);
    }
}
