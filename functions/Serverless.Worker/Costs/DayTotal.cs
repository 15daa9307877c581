namespace Serverless.Worker.Costs;

/// <summary>What the replica charged a tenant for a model on one day.</summary>
/// <param name="day">The day, in UTC.</param>
/// <param name="tenant">The tenant.</param>
/// <param name="model">The model.</param>
/// <param name="number">Which of the replica's totals it is.</param>
internal sealed class DayTotal(DateOnly day, string tenant, string model, int number)
{
    public DateOnly Day => day;

    public string Tenant => tenant;

    public string Model => model;

    public int Number => number;

    public long Nanos { get; private set; }

    public TimeSpan Device { get; private set; }

    public long Requests { get; private set; }

    /// <summary>Whether it is not written as it is.</summary>
    public bool IsChanged { get; private set; }

    public void Add(Charge charge)
    {
        Nanos += charge.Nanos;
        Device += charge.Device;
        Requests += charge.Requests;
        IsChanged = true;
    }

    public void Written() => IsChanged = false;
}
