namespace Serverless.Inference.Accounting;

/// <summary>For how long a model ran for one tenant.</summary>
public sealed class DeviceAccount
{
    private readonly string _model;
    private readonly string _tenant;
    private long _ticks;
    private long _requests;

    internal DeviceAccount(string model, string tenant) => (_model, _tenant) = (model, tenant);

    /// <summary>Adds a request's share of a run.</summary>
    public void Add(TimeSpan device) => Interlocked.Add(ref _ticks, device.Ticks);

    /// <summary>Counts a request that was answered.</summary>
    public void CountRequest() => Interlocked.Increment(ref _requests);

    internal DeviceShare Take() =>
        new(_model, _tenant, new TimeSpan(Interlocked.Exchange(ref _ticks, 0)), Interlocked.Exchange(ref _requests, 0));
}
