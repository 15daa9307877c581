using Serverless.Worker.Costs;

namespace Serverless.Worker.Tests.Costs;

public sealed class DayTotalsTests
{
    private static readonly DateOnly Monday = new(2026, 3, 9);

    [Fact]
    public void Add_ANewDay_DropsWhatIsWrittenOfTheOldOneAndNumbersGoOn()
    {
        var totals = new DayTotals();
        totals.Add(Monday, Of("written"));
        Assert.Single(totals.Changed()).Single().Written();
        totals.Add(Monday, Of("unwritten"));

        totals.Add(Monday.AddDays(1), Of("written"));

        var left = totals.Changed().SelectMany(day => day).OrderBy(total => total.Number).ToList();
        Assert.Equal([("unwritten", 1), ("written", 2)], left.Select(total => (total.Tenant, total.Number)));
        Assert.Equal(5, left[1].Nanos);
    }

    private static Charge Of(string tenant) => new(tenant, "m", 5, TimeSpan.FromSeconds(1), 1);
}
