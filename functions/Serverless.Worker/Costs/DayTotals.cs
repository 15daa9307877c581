namespace Serverless.Worker.Costs;

/// <summary>What the replica charged on each day so far, and which of it has to be written.</summary>
internal sealed class DayTotals
{
    private readonly Dictionary<(DateOnly Day, string Tenant, string Model), DayTotal> _totals = [];
    private int _numbers;

    public void Add(DateOnly day, Charge charge)
    {
        if (charge is { Nanos: 0, Requests: 0 })
            return;
        var key = (day, charge.Tenant, charge.Model);
        if (!_totals.TryGetValue(key, out var total))
        {
            DropBefore(day);
            _totals.Add(key, total = new DayTotal(day, charge.Tenant, charge.Model, _numbers++));
        }

        total.Add(charge);
    }

    // What is written of days that are over is not added to any more.
    private void DropBefore(DateOnly day)
    {
        foreach (var (key, total) in _totals)
        {
            if (total.Day < day && !total.IsChanged)
                _totals.Remove(key);
        }
    }

    /// <summary>Those that changed since they were written, by day.</summary>
    public IEnumerable<IGrouping<DateOnly, DayTotal>> Changed() => _totals.Values.Where(total => total.IsChanged).GroupBy(total => total.Day);
}
