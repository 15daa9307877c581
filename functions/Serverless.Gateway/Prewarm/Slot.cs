using System.Globalization;

namespace Serverless.Gateway.Prewarm;

/// <summary>Five minutes of a day, in UTC.</summary>
/// <param name="Day">The day.</param>
/// <param name="Number">Which five minutes of it, from 0 to 287.</param>
internal readonly record struct Slot(DateOnly Day, int Number)
{
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(5);

    /// <summary>The partition of all days' counts for this time of day.</summary>
    public string Partition => Number.ToString("000", CultureInfo.InvariantCulture);

    public static Slot At(DateTimeOffset time) =>
        new(DateOnly.FromDateTime(time.UtcDateTime), (int)(time.UtcDateTime.TimeOfDay / Length));

    public string KeyOf(string model) => $"{Day:yyyyMMdd}-{model}";
}
