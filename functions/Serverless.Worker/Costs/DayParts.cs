using Serverless.Inference.Accounting;

namespace Serverless.Worker.Costs;

/// <summary>Cuts the charges of an interval at midnight (UTC): to each day goes what its part of the interval's time comes to.</summary>
internal static class DayParts
{
    /// <summary>The parts of <paramref name="charge"/>, the earliest first; they add up to it.</summary>
    /// <param name="charge">What an interval cost.</param>
    /// <param name="from">When the interval began.</param>
    /// <param name="to">When it ended.</param>
    public static IReadOnlyList<(DateOnly Day, Charge Part)> Of(Charge charge, DateTimeOffset from, DateTimeOffset to)
    {
        // Nearly always; and where the clock was set back, there is nothing to cut by.
        if (DayOf(from) >= DayOf(to))
            return [(DayOf(to), charge)];
        var parts = new List<(DateOnly, Charge)>();
        var whole = (to - from).Ticks;
        var nanos = new Shares(charge.Nanos, whole);
        var device = new Shares(charge.Device.Ticks, whole);
        var requests = new Shares(charge.Requests, whole);
        for (var begin = from; begin < to;)
        {
            var midnight = new DateTimeOffset(begin.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
            var end = midnight < to ? midnight : to;
            var ticks = (end - begin).Ticks;
            parts.Add((DayOf(begin), charge with
            {
                Nanos = nanos.Next(ticks),
                Device = new TimeSpan(device.Next(ticks)),
                Requests = requests.Next(ticks),
            }));
            begin = end;
        }

        return parts;
    }

    private static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}
