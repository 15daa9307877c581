using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Serverless.Telemetry.Prometheus;

/// <summary>One series: a number, or a histogram. Many threads record, none waits.</summary>
internal sealed class Series(double[] bounds)
{
    private readonly long[] _buckets = new long[bounds.Length + 1];
    private Exemplar?[]? _exemplars;
    private double _value;

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double value)
    {
        var seen = Volatile.Read(ref _value);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref _value, seen + value, seen);
            if (before.Equals(seen))
                return;
            seen = before;
        }
    }

    public void Observe(double value)
    {
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
            bucket++;
        Interlocked.Increment(ref _buckets[bucket]);
        Add(value);
        if (Activity.Current is { Recorded: true } activity)
            Volatile.Write(ref (_exemplars ??= new Exemplar?[_buckets.Length])[bucket], new Exemplar(activity.TraceId.ToHexString(), value));
    }

    public void WriteTo(StringBuilder text, string name, string labels, bool histogram, bool exemplars)
    {
        if (!histogram)
        {
            Line(text, name, string.Empty, labels, PrometheusText.Number(Volatile.Read(ref _value)));
            return;
        }

        long count = 0;
        for (var i = 0; i < _buckets.Length; i++)
        {
            count += Interlocked.Read(ref _buckets[i]);
            var bound = i < bounds.Length ? PrometheusText.Number(bounds[i]) : "+Inf";
            var separator = labels.Length == 0 ? string.Empty : ",";
            var number = count.ToString(CultureInfo.InvariantCulture);
            if (exemplars && _exemplars is { } known && Volatile.Read(ref known[i]) is { } exemplar)
                number += $" # {{trace_id=\"{exemplar.Trace}\"}} {PrometheusText.Number(exemplar.Value)}";
            Line(text, name, "_bucket", $"{labels}{separator}le=\"{bound}\"", number);
        }

        Line(text, name, "_sum", labels, PrometheusText.Number(Volatile.Read(ref _value)));
        Line(text, name, "_count", labels, count.ToString(CultureInfo.InvariantCulture));
    }

    private static void Line(StringBuilder text, string name, string suffix, string labels, string value)
    {
        text.Append(name).Append(suffix);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value).Append('\n');
    }
}
