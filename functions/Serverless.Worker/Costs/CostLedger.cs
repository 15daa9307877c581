using Serverless.Contracts.Costs;
using Serverless.Inference.Accounting;

namespace Serverless.Worker.Costs;

/// <summary>
/// Charges all that the replica costs, interval by interval: what an interval cost is shared by those whose requests ran in it, in
/// proportion to their device time. With that each pays its own runs and its part of the time around them, the start included. An interval
/// in which nothing ran is booked to <see cref="CostTables.Idle"/>. Belongs to one flow.
/// </summary>
/// <param name="nanosPerSecond">The replica's price.</param>
/// <param name="openedAt">When its life began, as a timestamp of <paramref name="time"/>.</param>
/// <param name="time">The clock.</param>
internal sealed class CostLedger(long nanosPerSecond, long openedAt, TimeProvider time)
{
    // Of the whole life, so that no rounding adds up.
    private long _charged;

    /// <summary>When the interval began that is open.</summary>
    public DateTimeOffset Opened { get; private set; } = time.GetUtcNow() - time.GetElapsedTime(openedAt);

    /// <summary>Ends the interval.</summary>
    /// <param name="shares">What ran in it.</param>
    /// <param name="isBusy">
    /// Whether requests are at hand: where none of them ran yet, as while their model loads, the interval goes on, since it is theirs.
    /// </param>
    public IReadOnlyList<Charge> Close(IReadOnlyList<DeviceShare> shares, bool isBusy)
    {
        Int128 device = 0;
        foreach (var share in shares)
            device += share.Device.Ticks;
        var goesOn = device == 0 && isBusy;
        var open = goesOn ? 0 : Due();
        _charged += open;
        if (!goesOn)
            Opened = time.GetUtcNow();
        if (device == 0)
            return [.. shares.Select(share => ToCharge(share, 0)), new Charge(CostTables.Idle, "", open, TimeSpan.Zero, 0)];
        var charges = new List<Charge>(shares.Count);
        var parts = new Shares(open, device);
        foreach (var share in shares)
            charges.Add(ToCharge(share, parts.Next(share.Device.Ticks)));
        return charges;
    }

    private long Due() => (long)((Int128)time.GetElapsedTime(openedAt).Ticks * nanosPerSecond / TimeSpan.TicksPerSecond) - _charged;

    private static Charge ToCharge(DeviceShare share, long nanos) => new(share.Tenant, share.Model, nanos, share.Device, share.Requests);
}
