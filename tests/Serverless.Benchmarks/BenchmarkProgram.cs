using Serverless.Benchmarks.ColdStart;
using Serverless.Benchmarks.ServiceBus;

namespace Serverless.Benchmarks;

/// <summary>The suites, and how one is chosen on the command line.</summary>
internal static class BenchmarkProgram
{
    private static readonly IBenchmarkSuite[] Suites = [new ColdStartSuite(), new ServiceBusSuite()];

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var chosen = Suites.Where(suite => arguments.Contains(suite.Name)).ToList();
        if (chosen.Count == 0 || chosen.Count != arguments.Count)
        {
            var names = string.Join(", ", Suites.Select(suite => suite.Name));
            await Console.Error.WriteLineAsync($"usage: Serverless.Benchmarks SUITE...\nsuites: {names}");
            return 2;
        }

        var figures = new FigureWriter(Console.Out, Console.Error);
        foreach (var suite in chosen)
            await suite.RunAsync(figures, cancellationToken);
        return 0;
    }
}
