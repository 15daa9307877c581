using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Serverless.Telemetry.Prometheus;

/// <summary>One instrument with a series for each set of tags.</summary>
internal sealed class MetricFamily
{
    // Tag values may come from strangers: a family that meets more sets than this stops growing.
    private const int MaxSeries = 2000;

    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private readonly ConcurrentDictionary<TagSet, Series> _series = new(TagSet.Comparer);
    private readonly ConcurrentDictionary<TagSet, Series>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _lookup;
    private readonly bool _observed;
    private readonly bool _absolute;
    private readonly string? _help;
    private readonly double[] _bounds;
    private long _dropped;

    private MetricFamily(string name, MetricKind kind, Instrument instrument)
    {
        Name = name;
        Kind = kind;
        _observed = instrument.IsObservable;
        _absolute = instrument.IsObservable || IsOpenGeneric(instrument, typeof(Gauge<>));
        _help = instrument.Description;
        _bounds = kind == MetricKind.Histogram ? BoundsOf(instrument) : [];
        _lookup = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    public string Name { get; }

    public MetricKind Kind { get; }

    public long Dropped => Interlocked.Read(ref _dropped);

    public static MetricFamily For(Instrument instrument)
    {
        var kind = MetricKind.Gauge;
        if (IsOpenGeneric(instrument, typeof(Counter<>)) || IsOpenGeneric(instrument, typeof(ObservableCounter<>)))
            kind = MetricKind.Counter;
        else if (IsOpenGeneric(instrument, typeof(Histogram<>)))
            kind = MetricKind.Histogram;
        return new MetricFamily(PrometheusText.Name(instrument.Name), kind, instrument);
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!_lookup.TryGetValue(tags, out var series))
        {
            if (_series.Count >= MaxSeries)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }

            series = _series.GetOrAdd(TagSet.Copy(tags), static (_, bounds) => new Series(bounds), _bounds);
        }

        if (Kind == MetricKind.Histogram)
            series.Observe(value);
        else if (_absolute)
            series.Set(value);
        else
            series.Add(value);
    }

    /// <summary>Observed series are told anew at each export: what is not told any more has gone.</summary>
    public void ForgetObserved()
    {
        if (_observed)
            _series.Clear();
    }

    /// <param name="text">Where to.</param>
    /// <param name="openMetrics">Whether in OpenMetrics' form, with exemplars.</param>
    public void WriteTo(StringBuilder text, bool openMetrics)
    {
        if (_series.IsEmpty)
            return;
        var (family, type) = openMetrics ? PrometheusText.OpenMetricsFamily(Name, Kind) : (Name, PrometheusText.TypeName(Kind));
        if (!string.IsNullOrEmpty(_help))
            text.Append("# HELP ").Append(family).Append(' ').Append(PrometheusText.Help(_help)).Append('\n');
        text.Append("# TYPE ").Append(family).Append(' ').Append(type).Append('\n');
        // Two sets of tags may have the same labels once written; a scraper takes a series only once.
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (tags, series) in _series)
        {
            if (written.Add(tags.Labels))
                series.WriteTo(text, Name, tags.Labels, Kind == MetricKind.Histogram, openMetrics);
        }
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds],
        Histogram<int> { Advice.HistogramBucketBoundaries: { Count: > 0 } bounds } => [.. bounds],
        _ => DefaultBounds,
    };

    private static bool IsOpenGeneric(Instrument instrument, Type type) =>
        instrument.GetType() is { IsGenericType: true } actual && actual.GetGenericTypeDefinition() == type;
}
