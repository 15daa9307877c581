using System.Diagnostics;
using System.Globalization;

namespace Serverless.Benchmarks.Generation.Lines;

/// <summary>Requests of mixed lengths that arrive by themselves: none may fail, and memory must not grow.</summary>
internal static class PoissonLine
{
    private const string Model = DecoderModel.Grouped;

    // Of what sixteen streams make when nobody's prompt is in the way.
    private const double Load = 0.4;

    public static GenerationLine Line { get; } =
        new(["poisson_errors", "poisson_memory_growth_mb", "poisson_ttft_p95_s"], Model, MeasureAsync);

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(GenerationBench bench, CancellationToken cancellationToken)
    {
        var generator = await bench.GeneratorAsync(Model, cancellationToken);
        var capacity = await StreamSpeed.MeasureAsync(generator, Prompts.Many(16, 128, seed: 4), 64, cancellationToken);
        var requests = Mixed(bench.Options.Requests);
        var rate = Load * capacity / requests.Average(request => request.Tokens);
        bench.Say(string.Create(CultureInfo.InvariantCulture, $"{rate:0.00} requests/s, about {requests.Count / rate / 60:0} minutes"));
        var (errors, first) = (0, new List<double>());
        var resident = new List<double>();
        foreach (var quarter in requests.Chunk((requests.Count + 3) / 4))
            resident.Add(await RunAsync(quarter));
        bench.Say($"resident MB after each quarter: {string.Join(", ", resident.Select(value => value.ToString("0", CultureInfo.InvariantCulture)))}");
        return
        [
            GenerationFigure.Value("poisson_errors", Model, errors, "requests", requests.Count),
            // Of the second half: in the first one buffers, the heap and the prefix cache still grow to what they need.
            GenerationFigure.Value("poisson_memory_growth_mb", Model, resident[^1] - resident[(resident.Count / 2) - 1], "MB", requests.Count),
            GenerationFigure.Value("poisson_ttft_p95_s", Model, GenerationFigure.Percentile(first, 0.95), "s", requests.Count),
        ];

        async Task<double> RunAsync(IEnumerable<(int[] Prompt, int Tokens, double Gap)> part)
        {
            var running = new List<Task>();
            foreach (var (prompt, tokens, gap) in part)
            {
                await Task.Delay(TimeSpan.FromSeconds(gap / rate), cancellationToken);
                running.Add(OneAsync(prompt, tokens));
            }

            await Task.WhenAll(running);
            return Resident();
        }

        async Task OneAsync(int[] prompt, int tokens)
        {
            try
            {
                var stream = TimedStream.Start(generator, prompt, tokens, cancellationToken);
                await stream.Ended;
                lock (first)
                    first.Add(stream.TimeToFirst.TotalSeconds);
                if (stream.Tokens != tokens)
                    throw new InvalidRunException($"{stream.Tokens} of {tokens} tokens came.");
            }
#pragma warning disable CA1031 // Whatever it is, it counts.
            catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
            {
                Interlocked.Increment(ref errors);
                bench.Say($"a request failed: {error.Message}");
            }
        }
    }

    // Prompts of 8 to 512 tokens, short ones more often; texts of 8 to 128; gaps of a Poisson process of one a second.
    private static List<(int[] Prompt, int Tokens, double Gap)> Mixed(int count)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, count).Select(index => (
            Prompts.Of((int)(8 * Math.Pow(64, random.NextDouble())), 5000 + index),
            random.Next(8, 129),
            -Math.Log(1 - random.NextDouble())))];
    }

    private static double Resident()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 / 1e6;
    }
}
