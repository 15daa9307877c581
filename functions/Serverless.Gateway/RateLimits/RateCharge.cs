namespace Serverless.Gateway.RateLimits;

/// <summary>
/// What a request is charged before it runs: an estimate, until it is known what the request took. Nothing is held back meanwhile, so one
/// that is never settled, because its caller left or its gateway died, flows off with the minute like any other.
/// </summary>
internal sealed class RateCharge(RateBucket bucket, long charged, RateQuota quota)
{
    private bool _isSettled;

    /// <summary>How the tenant stands with it.</summary>
    public RateQuota Quota { get; private set; } = quota;

    /// <summary>Corrects the charge, once: <paramref name="used"/> is what the request took; 0 for one that was not answered.</summary>
    public void Settle(long used)
    {
        if (_isSettled || !Quota.IsAdmitted)
            return;
        _isSettled = true;
        Quota = bucket.Correct(used - charged, Quota.Limit);
    }
}
