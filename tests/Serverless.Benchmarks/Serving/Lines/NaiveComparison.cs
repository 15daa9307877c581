using System.Globalization;

namespace Serverless.Benchmarks.Serving.Lines;

/// <summary>The worker beside the naive server at its better thread setting.</summary>
internal sealed class NaiveComparison(ServingBench bench, string file, int connections, int count)
{
    public async Task<Pairs> RunAsync(int rounds, CancellationToken cancellationToken)
    {
        var naive = await BetterAsync(cancellationToken);
        var worker = await bench.Servers.WorkerAsync(cancellationToken);
        return await Pairs.RunAsync(rounds, () => LoadAsync(worker), () => LoadAsync(naive));

        Task<Load> LoadAsync(BenchServer server) => bench.LoadAsync(server, file, connections, count, cancellationToken);
    }

    private async Task<BenchServer> BetterAsync(CancellationToken cancellationToken)
    {
        var one = await bench.Servers.NaiveAsync(1, cancellationToken);
        var two = await bench.Servers.NaiveAsync(2, cancellationToken);
        await bench.LoadAsync(one, file, connections, count / 2, cancellationToken);
        await bench.LoadAsync(two, file, connections, count / 2, cancellationToken);
        var loads = (
            One: await bench.LoadAsync(one, file, connections, count, cancellationToken),
            Two: await bench.LoadAsync(two, file, connections, count, cancellationToken));
        bench.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"  naive, intra-op threads 1 / 2: {loads.One.PerSecond:0} / {loads.Two.PerSecond:0} requests/s"));
        return loads.One.PerSecond >= loads.Two.PerSecond ? one : two;
    }
}
