using System.Diagnostics;
using System.Globalization;
using Serverless.Inference.Generation.Sampling;

namespace Serverless.Benchmarks.Generation.Lines;

/// <summary>What choosing the tokens of sixteen streams takes of their step, by the rules that requests send most.</summary>
internal static class SamplingLine
{
    private const string Metric = "sampling_share_of_step";
    private const string Model = DecoderModel.Grouped;
    private const int Streams = 16;
    private const int Steps = 200;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    private static readonly (string Name, SamplingOptions Options)[] Rules =
    [
        ("greedy", new() { Temperature = 0 }),
        ("temperature", new() { Temperature = 0.8f }),
        ("top_p", new() { Temperature = 0.8f, TopP = 0.9f }),
        ("top_k, top_p", new() { Temperature = 0.8f, TopK = 50, TopP = 0.9f }),
        ("penalties, top_p", new() { TopP = 0.9f, RepetitionPenalty = 1.1f, PresencePenalty = 0.5f }),
    ];

    public static GenerationLine Line { get; } = new([Metric], Model, MeasureAsync);

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(GenerationBench bench, CancellationToken cancellationToken)
    {
        var generator = await bench.GeneratorAsync(Model, cancellationToken);
        var speed = await StreamSpeed.MeasureAsync(generator, Prompts.Many(Streams, 128, seed: 3), 96, cancellationToken);
        var step = Streams / speed;
        var vocabulary = DecoderModel.ShapeOf(Model).Vocabulary;
        var worst = 0.0;
        foreach (var (name, options) in Rules)
        {
            var seconds = Measure(options, vocabulary);
            worst = Math.Max(worst, seconds);
            bench.Say(string.Create(
                CultureInfo.InvariantCulture, $"{name}: {seconds * 1e6 / Streams:0.0} µs a token, {100 * seconds / step:0.00} % of a step"));
        }

        return [GenerationFigure.Ratio(Metric, Model, worst, step, Steps)];
    }

    /// <summary>Seconds for the tokens of one step, the median.</summary>
    private static double Measure(SamplingOptions options, int vocabulary)
    {
        var samplers = Samplers();
        var random = new Random(7);
        // A new row each time, as a step brings it; peaked like a language model's.
        var source = Enumerable.Range(0, vocabulary).Select(_ => (float)(2.5 * Normal(random))).ToArray();
        var logits = Enumerable.Range(0, Streams).Select(_ => new float[vocabulary]).ToArray();
        var times = new List<double>();
        // What is hot is compiled anew once nothing else was for a tenth of a second: a warm-up by count was over before.
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < WarmUp;)
            Once();
        // What the warm-up wrote would be a text of many thousand tokens to the penalties.
        samplers = Samplers();
        while (times.Count < Steps)
            times.Add(Once());
        return GenerationFigure.Percentile(times, 0.5);

        TokenSampler[] Samplers() =>
            [.. Enumerable.Range(0, Streams).Select(choice => new TokenSampler(options, Prompts.Of(128, seed: 3), choice, seed: 1, constraint: null))];

        double Once()
        {
            foreach (var row in logits)
                source.CopyTo(row, 0);
            var start = Stopwatch.GetTimestamp();
            RowsAtOnce.Run(Streams, row => samplers[row].Next(logits[row], top: null, out _));
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
