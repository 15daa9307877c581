using Serverless.Benchmarks.Serving;
using Serverless.Benchmarks.Serving.Lines;
using Serverless.Contracts.Configuration;
using Serverless.TestKit;
using Serverless.TestKit.Telemetry;

namespace Serverless.Benchmarks.Telemetry;

/// <summary>
/// What telemetry costs the worker: OTLP export of traces, metrics and logs to a sink on this machine, and scrapes, over none of it. Once at
/// the product's own sampling ratio, once with every request traced.
/// </summary>
internal sealed class TelemetrySuite : IBenchmarkSuite
{
    private const int Connections = 32;

    // Four seconds: in rounds of one, the compiler still took a sixth of the processor in the first that count (seen in profiles), and it has
    // more to compile with telemetry.
    private const int Count = 150_000;
    private const int Rounds = 5;

    private static readonly Dictionary<string, string> Quiet = new() { ["Logging__LogLevel__Default"] = "None" };

    private static readonly (string Suffix, Dictionary<string, string> Settings)[] Ratios =
        [("", []), ("_all_sampled", new() { [Settings.TelemetrySampleRatio] = "1" })];

    public string Name => "telemetry";

    public async Task RunAsync(FigureWriter figures, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using var bench = new ServingBench(folder.Path, new ServingOptions(), figures);
        await using var sink = await TelemetryReceiver.StartAsync(keeps: false);
        var model = await bench.Models.GetAsync(ServingModel.Mlp, cancellationToken);
        await using var off = await ObservedWorker.StartAsync(bench.Models.Store, folder.File("off"), Quiet, cancellationToken);
        foreach (var (suffix, more) in Ratios)
        {
            var settings = new Dictionary<string, string>(more)
            {
                [Settings.OtlpEndpoint] = sink.Url,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            };
            await using var on = await ObservedWorker.StartAsync(bench.Models.Store, folder.File("on" + suffix), settings, cancellationToken);
            using var scrapes = new Scrapes(on.Metrics);
            var pairs = await Pairs.RunAsync(
                Rounds,
                () => bench.LoadAsync(on.Server, JsonLines.File(bench, model), Connections, Count, cancellationToken),
                () => bench.LoadAsync(off.Server, JsonLines.File(bench, model), Connections, Count, cancellationToken));
            figures.Write(pairs.Ratio("on_vs_off" + suffix, model.Name, load => load.PerSecond) with { Suite = Name });
            figures.Write(pairs.Ratio("cpu_on_vs_off" + suffix, model.Name, load => load.ProcessorMicroseconds) with { Suite = Name });
        }
    }
}
