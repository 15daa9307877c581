namespace Serverless.Cli.Top;

/// <summary>How many values were at most each bound, over a time.</summary>
internal sealed class Histogram
{
    private readonly SortedDictionary<double, double> _counts = [];

    public void Add(double bound, double count) => _counts[bound] = _counts.GetValueOrDefault(bound) + count;

    /// <summary>
    /// The quantile as Prometheus' <c>histogram_quantile</c> has it: linear within the bucket that it falls into, and the highest bound for
    /// what lies above that. Null when nothing came.
    /// </summary>
    public double? Quantile(double quantile)
    {
        var total = _counts.Count == 0 ? 0 : _counts.Last().Value;
        if (total <= 0)
            return null;
        var rank = quantile * total;
        var (below, lower) = (0d, 0d);
        foreach (var (upper, count) in _counts)
        {
            if (count >= rank)
                return double.IsPositiveInfinity(upper) ? lower : lower + ((upper - lower) * (rank - below) / Math.Max(count - below, double.Epsilon));
            (below, lower) = (count, upper);
        }

        return lower;
    }
}
