using System.Diagnostics;
using System.Diagnostics.Metrics;
using Serverless.Telemetry;
using Serverless.Telemetry.Prometheus;

namespace Serverless.Worker.Tests.Telemetry;

public sealed class PrometheusExporterTests : IDisposable
{
    private readonly Meter _meter = new($"Test.{Guid.NewGuid():N}");
    private readonly PrometheusExporter _exporter;

    public PrometheusExporterTests() => _exporter = new PrometheusExporter(new TelemetryOptions("test") { Meters = [_meter.Name] });

    [Fact]
    public void Export_AsOpenMetrics_HasExemplarsOfSampledTracesAndKeepsNames()
    {
        var histogram = _meter.CreateHistogram<double>("took");
        var counter = _meter.CreateCounter<long>("things");
        var total = _meter.CreateCounter<long>("vllm:tokens_total");
        counter.Add(1);
        total.Add(2);
        using (var activity = new Activity("request") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.SetIdFormat(ActivityIdFormat.W3C).Start())
        {
            histogram.Record(0.02);
            var (text, type) = _exporter.Export("application/openmetrics-text;version=1.0.0,text/plain;q=0.5");

            Assert.Equal(PrometheusExporter.OpenMetricsContentType, type);
            Assert.Contains($"took_bucket{{le=\"0.025\"}} 1 # {{trace_id=\"{activity.TraceId}\"}} 0.02\n", text, StringComparison.Ordinal);
            Assert.Contains("# TYPE things unknown\nthings 1\n", text, StringComparison.Ordinal);
            Assert.Contains("# TYPE vllm:tokens counter\nvllm:tokens_total 2\n", text, StringComparison.Ordinal);
            Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("trace_id", _exporter.Export("text/plain").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_Counter_AddsUpPerTags()
    {
        var counter = _meter.CreateCounter<long>("my.requests", "{request}", "Requests.\nBy \\ model.");
        counter.Add(1, Tag("model", "a"));
        counter.Add(2, Tag("model", "a"));
        counter.Add(5, Tag("model", "b"));

        var text = _exporter.Export();

        var samples = PrometheusTextCheck.Parse(text);
        Assert.Equal(3, samples["my_requests{model=\"a\"}"]);
        Assert.Equal(5, samples["my_requests{model=\"b\"}"]);
        Assert.Contains("# TYPE my_requests counter\n", text, StringComparison.Ordinal);
        Assert.Contains("# HELP my_requests Requests.\\nBy \\\\ model.\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_NamesOfOtherServers_AreKept()
    {
        _meter.CreateCounter<long>("vllm:request_success_total").Add(1, Tag("finished_reason", "stop"));
        _meter.CreateCounter<long>("9-lives").Add(1);

        var samples = PrometheusTextCheck.Parse(_exporter.Export());

        Assert.Equal(1, samples["vllm:request_success_total{finished_reason=\"stop\"}"]);
        Assert.Equal(1, samples["_9_lives"]);
    }

    [Fact]
    public void Export_UpDownCounterAndGauges_AreGauges()
    {
        var level = 7;
        _meter.CreateUpDownCounter<int>("up.down").Add(5);
        _meter.CreateObservableGauge("seen", () => level, null, null);
        _meter.CreateGauge<double>("set").Record(1.5);
        Assert.Equal(7, PrometheusTextCheck.Parse(_exporter.Export())["seen"]);
        level = 9;

        var text = _exporter.Export();

        var samples = PrometheusTextCheck.Parse(text);
        Assert.Equal((5, 9, 1.5), (samples["up_down"], samples["seen"], samples["set"]));
        Assert.Contains("# TYPE up_down gauge\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_ObservedSeriesThatIsGone_GoesToo()
    {
        var models = new List<string> { "a", "b" };
        _meter.CreateObservableCounter("seen", () => models.Select(model => new Measurement<int>(3, Tag("model", model))));
        Assert.Equal(3, PrometheusTextCheck.Parse(_exporter.Export())["seen{model=\"b\"}"]);
        models.Remove("b");

        var samples = PrometheusTextCheck.Parse(_exporter.Export());

        Assert.Equal(3, samples["seen{model=\"a\"}"]);
        Assert.False(samples.ContainsKey("seen{model=\"b\"}"));
    }

    [Fact]
    public void Export_Histogram_CountsCumulatively()
    {
        var bounds = new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1, 10] };
        var histogram = _meter.CreateHistogram("took", "s", null, null, bounds);
        foreach (var value in new[] { 0.05, 0.1, 0.5, 5, 50 })
            histogram.Record(value, Tag("le", "x"));

        var samples = PrometheusTextCheck.Parse(_exporter.Export());

        Assert.Equal(2, samples["took_bucket{le_=\"x\",le=\"0.1\"}"]);
        Assert.Equal(3, samples["took_bucket{le_=\"x\",le=\"1\"}"]);
        Assert.Equal(4, samples["took_bucket{le_=\"x\",le=\"10\"}"]);
        Assert.Equal(5, samples["took_bucket{le_=\"x\",le=\"+Inf\"}"]);
        Assert.Equal(5, samples["took_count{le_=\"x\"}"]);
        Assert.Equal(55.65, samples["took_sum{le_=\"x\"}"], 1e-9);
    }

    [Fact]
    public void Export_HostileTags_AreEscaped()
    {
        _meter.CreateCounter<long>("c").Add(1, Tag("a.b", "x\"} 1\nfake 2 \\"), Tag("a-b", "second"), Tag("flag", true), Tag("none", null));

        var samples = PrometheusTextCheck.Parse(_exporter.Export());

        Assert.Equal(1, samples["c{a_b=\"x\\\"} 1\\nfake 2 \\\\\",flag=\"true\",none=\"\"}"]);
        Assert.False(samples.ContainsKey("fake"));
    }

    [Fact]
    public void Export_TagsWithoutEnd_StopGrowing()
    {
        var counter = _meter.CreateCounter<long>("c");
        for (var i = 0; i < 5000; i++)
            counter.Add(1, Tag("id", i));

        var samples = PrometheusTextCheck.Parse(_exporter.Export());

        Assert.Equal(2000, samples.Keys.Count(key => key.StartsWith("c{", StringComparison.Ordinal)));
        Assert.Equal(3000, samples["serverless_telemetry_dropped"]);
    }

    [Fact]
    public void Export_ManyThreads_LoseNothing()
    {
        var counter = _meter.CreateCounter<double>("c");
        var histogram = _meter.CreateHistogram<int>("h");

        Parallel.For(0, 100_000, i =>
        {
            counter.Add(1, Tag("odd", i % 2));
            histogram.Record(1);
        });

        var samples = PrometheusTextCheck.Parse(_exporter.Export());
        Assert.Equal(50_000, samples["c{odd=\"1\"}"]);
        Assert.Equal(100_000, samples["h_sum"]);
    }

    [Fact]
    public void Export_MeterThatWasNotAskedFor_IsLeftOut()
    {
        using var other = new Meter($"Other.{Guid.NewGuid():N}");
        other.CreateCounter<long>("other").Add(1);

        Assert.DoesNotContain("other", _exporter.Export(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _exporter.Dispose();
        _meter.Dispose();
    }

    private static KeyValuePair<string, object?> Tag(string name, object? value) => new(name, value);
}
