namespace Serverless.Worker.Costs;

/// <summary>What the replica charged on each day so far, and which of it has to be written.</summary>
internal sealed class DayTotals
{
    private readonly Dictionary<(DateOnly Day, string Tenant, string Model), DayTotal> _totals = [];

    public void Add(DateOnly day, Charge charge)
    {
        if (charge is { Nanos: 0, Requests: 0 })
            return;
        var key = (day, charge.Tenant, charge.Model);
        if (!_totals.TryGetValue(key, out var total))
            _totals.Add(key, total = new DayTotal(day, charge.Tenant, charge.Model, _totals.Count));
        total.Add(charge);
    }

    /// <summary>Those that changed since they were written, by day.</summary>
    public IEnumerable<IGrouping<DateOnly, DayTotal>> Changed() => _totals.Values.Where(total => total.IsChanged).GroupBy(total => total.Day);
}
