using System.Globalization;
using Serverless.LoadGenerator;

namespace Serverless.Benchmarks.Serving.Lines;

/// <summary>Runs of the lines that offer load at a rate: ResNet18, binary, in streams of different terms.</summary>
internal sealed class Streams(ServingBench bench, ServingModel model, BenchServer worker)
{
    /// <summary>Connections of a stream that sends whenever it has one free.</summary>
    public const int Saturating = 32;

    private const int CapacityCount = 320;
    private const int CapacityRounds = 3;

    public static async Task<Streams> CreateAsync(ServingBench bench, CancellationToken cancellationToken)
    {
        var model = await bench.Models.GetAsync(ServingModel.ResNet, cancellationToken);
        await AnswerCheck.RunAsync(bench, model, BinaryLines.File(bench, model), cancellationToken);
        return new Streams(bench, model, await bench.Servers.WorkerAsync(cancellationToken));
    }

    /// <summary>Requests per second that the worker answers when it is never idle.</summary>
    public async Task<double> CapacityAsync(CancellationToken cancellationToken)
    {
        var rates = new List<double>();
        for (var round = -1; round < CapacityRounds; round++)
        {
            var load = await bench.LoadAsync(worker, BinaryLines.File(bench, model), Saturating, CapacityCount, cancellationToken);
            if (round >= 0)
                rates.Add(load.PerSecond);
        }

        bench.Say(string.Create(CultureInfo.InvariantCulture, $"  capacity: {Medians.Of(rates):0.0} requests/s"));
        return Medians.Of(rates);
    }

    /// <summary>Requests that arrive by themselves.</summary>
    public StreamJob Arriving(string name, double rate, RequestExtras extras, int connections, int seed = 1) =>
        new(worker.Port, File(name, extras), connections, Rate: rate, DeadlineMs: extras.TimeoutMs, Seed: seed);

    /// <summary>A caller that always has as many requests in flight as it has connections.</summary>
    public StreamJob Saturate(string name, RequestExtras extras) => new(worker.Port, File(name, extras), Saturating);

    public async Task<IReadOnlyList<StreamResult>> RunAsync(
        double seconds, CancellationToken cancellationToken, params StreamJob[] streams) =>
        (await bench.Generator.RunAsync(new LoadJob(streams, seconds), cancellationToken)).Streams;

    public double ResidentMegabytes() => worker.ResidentMegabytes();

    /// <summary>What came of a stream, for a person.</summary>
    public static string Describe(StreamResult stream)
    {
        var statuses = string.Join(' ', stream.Statuses.Select(pair => $"{pair.Key}:{pair.Value}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{stream.Sent} sent, {stream.Ok} ok, {stream.InTime} in time, p50 {stream.P50:0} ms, p99 {stream.P99:0} ms, by status {statuses}");
    }

    private string File(string name, RequestExtras extras) =>
        bench.File(name, () => model.Rows.Select(row => Requests.Binary(model.Name, row, extras)));
}
