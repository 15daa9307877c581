using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Serverless.Telemetry.Prometheus;

/// <summary>
/// Keeps the instruments of chosen meters and writes them in Prometheus' text format. Names are the instruments' own with every character
/// that Prometheus does not allow replaced by an underscore, and nothing appended: what is on a dashboard can be found in the code.
/// </summary>
public sealed class PrometheusExporter : IDisposable
{
    /// <summary>Content type of what <see cref="Export()"/> writes.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Content type of the same in OpenMetrics' format, for scrapers that accept it.</summary>
    public const string OpenMetricsContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly Lock _exportGate = new();
    private readonly TelemetryOptions _options;

    /// <summary>Listens to the meters that <paramref name="options"/> name.</summary>
    public PrometheusExporter(TelemetryOptions options)
    {
        _options = options;
        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, family) => Record(family, (double)value, tags));
        _listener.Start();
    }

    /// <summary>Everything as of now, in the format that a scraper's <c>Accept</c> header asks for: OpenMetrics has exemplars.</summary>
    public (string Text, string ContentType) Export(string? accept) =>
        accept?.Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase) == true
            ? (Write(openMetrics: true), OpenMetricsContentType)
            : (Write(openMetrics: false), ContentType);

    /// <summary>Everything as of now, in Prometheus' text format.</summary>
    public string Export() => Write(openMetrics: false);

    private string Write(bool openMetrics)
    {
        lock (_exportGate)
        {
            foreach (var family in _families.Values)
                family.ForgetObserved();
            _listener.RecordObservableInstruments();
            var text = new StringBuilder(16 * 1024);
            foreach (var family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal))
                family.WriteTo(text, openMetrics);
            WriteDropped(text, openMetrics);
            if (openMetrics)
                text.Append("# EOF\n");
            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private static void Record(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((MetricFamily)family!).Record(value, tags);

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (!_options.Meters.Any(pattern => Matches(pattern, instrument.Meter.Name)))
            return;
        var family = MetricFamily.For(instrument);
        // Several services of one process may create the same instrument: they share a family. A different kind of the same name cannot.
        var kept = _families.GetOrAdd(family.Name, family);
        if (kept.Kind == family.Kind)
            listener.EnableMeasurementEvents(instrument, kept);
    }

    private static bool Matches(string pattern, string name) => pattern.EndsWith('*')
        ? name.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal)
        : name == pattern;

    private void WriteDropped(StringBuilder text, bool openMetrics)
    {
        const string Name = "serverless_telemetry_dropped";
        text.Append("# HELP ").Append(Name).Append(" Measurements dropped because their instrument had too many series.\n");
        text.Append("# TYPE ").Append(Name).Append(openMetrics ? " unknown\n" : " counter\n");
        text.Append(CultureInfo.InvariantCulture, $"{Name} {_families.Values.Sum(family => family.Dropped)}\n");
    }
}
