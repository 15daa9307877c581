using System.Globalization;

namespace Serverless.Cli.Top;

/// <summary>What lies between two scrapes of the same process.</summary>
internal sealed class Change(Scrape before, Scrape now)
{
    private double Seconds => (now.At - before.At).TotalSeconds;

    /// <summary>By how much a counter grew in a second.</summary>
    public double Rate(string counter, Func<Sample, bool>? where = null) =>
        Growth(counter, where).Sum(growth => growth.By) / Seconds;

    /// <summary>Adds what a histogram counted meanwhile to <paramref name="into"/>.</summary>
    public void AddTo(Histogram into, string histogram, Func<Sample, bool>? where = null)
    {
        foreach (var (sample, growth) in Growth(histogram + "_bucket", where))
        {
            var bound = sample.Label("le");
            into.Add(bound == "+Inf" ? double.PositiveInfinity : double.Parse(bound, CultureInfo.InvariantCulture), growth);
        }
    }

    // The process is the same: a series that was not there before began at 0 since.
    private IEnumerable<(Sample Sample, double By)> Growth(string name, Func<Sample, bool>? where)
    {
        var earlier = before.Of(name).ToDictionary(sample => sample.Series, sample => sample.Value, StringComparer.Ordinal);
        return now.Of(name).Where(where ?? (_ => true)).Select(sample => (sample, sample.Value - earlier.GetValueOrDefault(sample.Series)));
    }
}
