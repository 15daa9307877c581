using System.Globalization;

namespace Serverless.Cli.Top;

/// <summary>Figures for people; what is not known is a dash.</summary>
internal static class FigureText
{
    public const string Unknown = "–";

    public static string Number(double? value) => value is not { } known ? Unknown : known.ToString(
        Math.Abs(known) switch { 0 => "0", < 10 => "0.##", < 100 => "0.#", _ => "#,0" }, CultureInfo.InvariantCulture);

    public static string Seconds(double? value) => value switch
    {
        null => Unknown,
        < 1 => Number(value * 1000) + " ms",
        _ => Number(value) + " s",
    };

    /// <summary>Money: a replica costs cents an hour.</summary>
    public static string Money(double? value) => value?.ToString("0.00##", CultureInfo.InvariantCulture) ?? Unknown;

    public static string Age(TimeSpan? age) => age switch
    {
        null => Unknown,
        { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{age.Value.Days}d {age.Value.Hours}h"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{age.Value.Hours}h {age.Value.Minutes}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{age.Value.Minutes}m {age.Value.Seconds}s"),
    };
}
