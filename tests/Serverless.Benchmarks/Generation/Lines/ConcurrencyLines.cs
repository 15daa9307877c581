namespace Serverless.Benchmarks.Generation.Lines;

/// <summary>What sixteen streams get out of the machine, in streams that run alone.</summary>
internal static class ConcurrencyLines
{
    private const int Streams = 16;
    private const int Tokens = 96;

    public static IReadOnlyList<GenerationLine> All { get; } =
    [
        Line(DecoderModel.Grouped, 128),
        Line(DecoderModel.Grouped, 512),
        Line(DecoderModel.Plain, 128),
        Line(DecoderModel.Plain, 512),
    ];

    private static GenerationLine Line(string model, int context) => new([$"c16_vs_single_past{context}"], model, async (bench, token) =>
    {
        var generator = await bench.GeneratorAsync(model, token);
        var prompts = Prompts.Many(Streams, context, seed: 3);
        await Many();
        await One();
        var (ours, baseline) = await PairedRun.MedianAsync(bench.Options.Rounds, Many, One);
        return [GenerationFigure.Ratio($"c16_vs_single_past{context}", model, ours, baseline, bench.Options.Rounds)];

        Task<double> Many() => StreamSpeed.MeasureAsync(generator, prompts, Tokens, token);
        Task<double> One() => StreamSpeed.MeasureAsync(generator, [prompts[0]], Tokens, token);
    });
}
