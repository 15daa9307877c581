namespace Serverless.Gateway.Costs.Budgets;

/// <summary>What a tenant has spent.</summary>
/// <param name="Day">The day (UTC) on which that was so.</param>
/// <param name="Today">Since that day began.</param>
/// <param name="Month">Since its month began.</param>
internal readonly record struct Spending(DateOnly Day, decimal Today, decimal Month)
{
    /// <summary>What of it counts on <paramref name="day"/>: a new day, or month, begins with nothing.</summary>
    public Spending On(DateOnly day) =>
        day == Day ? this : new(day, 0, (day.Year, day.Month) == (Day.Year, Day.Month) ? Month : 0);
}
