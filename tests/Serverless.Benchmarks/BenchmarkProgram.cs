using Serverless.Benchmarks.Batch;
using Serverless.Benchmarks.Burst;
using Serverless.Benchmarks.ColdStart;
using Serverless.Benchmarks.Compression;
using Serverless.Benchmarks.Fuzz;
using Serverless.Benchmarks.Generation;
using Serverless.Benchmarks.ServiceBus;
using Serverless.Benchmarks.Serving;
using Serverless.Benchmarks.Serving.Baselines;
using Serverless.Benchmarks.Telemetry;

namespace Serverless.Benchmarks;

/// <summary>The suites, and how one is chosen on the command line.</summary>
internal static class BenchmarkProgram
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        // Servers that a suite measures against are this program once more, so that each has a process of its own.
        if (arguments.Count > 0 && arguments[0] == BaselineServers.Verb)
            return await BaselineServers.RunAsync([.. arguments.Skip(1)], cancellationToken);

        IBenchmarkSuite[] suites =
        [
            new BatchSuite(), new BurstSuite(), new ColdStartSuite(), new CompressionSuite(), new FuzzSuite(), new GenerationSuite(),
            new ServiceBusSuite(), new ServingSuite(), new TelemetrySuite(),
        ];
        var chosen = suites.Where(suite => arguments.Contains(suite.Name)).ToList();
        var options = arguments.Except(suites.Select(suite => suite.Name)).ToList();
        if (chosen.Count == 0 || (options.Count > 0 && !chosen.OfType<ITakesWords>().Any(suite => suite.TryChoose(options))))
        {
            var names = string.Join(", ", suites.Select(suite => suite.Name));
            var usages = string.Join('\n', suites.OfType<ITakesWords>().Select(suite => suite.Usage));
            await Console.Error.WriteLineAsync($"usage: Serverless.Benchmarks SUITE...\nsuites: {names}\n{usages}");
            return 2;
        }

        var figures = new FigureWriter(Console.Out, Console.Error);
        foreach (var suite in chosen)
            await suite.RunAsync(figures, cancellationToken);
        return 0;
    }
}
