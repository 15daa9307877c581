namespace Serverless.Benchmarks.Generation.Lines;

/// <summary>The engine beside GenAI's own generator, which reads the very same files: one stream, and a fixed batch.</summary>
internal static class GenAiLines
{
    private const int Context = 128;
    private const int Tokens = 128;
    private const int GreedyTokens = 200;
    private const int GreedyPrompts = 3;

    public static IReadOnlyList<GenerationLine> All { get; } =
    [
        Line("single_vs_genai", streams: 1),
        Line("c16_vs_genai_batch16", streams: 16),
        new(["greedy_equal_genai"], DecoderModel.Grouped, (bench, token) => CompareAsync(bench, DecoderModel.Grouped, token)),
        new(["greedy_equal_genai"], DecoderModel.Plain, (bench, token) => CompareAsync(bench, DecoderModel.Plain, token)),
    ];

    private static GenerationLine Line(string metric, int streams) => new([metric], DecoderModel.Grouped, async (bench, token) =>
    {
        var generator = await bench.GeneratorAsync(DecoderModel.Grouped, token);
        var genAi = await bench.GenAiAsync(DecoderModel.Grouped, token);
        var prompts = Prompts.Many(streams, Context, seed: 1);
        // One round unmeasured on each side.
        await Ours();
        await Theirs();
        var (ours, baseline) = await PairedRun.MedianAsync(bench.Options.Rounds, Ours, Theirs);
        return [GenerationFigure.Ratio(metric, DecoderModel.Grouped, ours, baseline, bench.Options.Rounds)];

        Task<double> Ours() => StreamSpeed.MeasureAsync(generator, prompts, Tokens, token);
        Task<double> Theirs() => genAi.SpeedAsync(streams, Context, Tokens, token);
    });

    // How many of 600 tokens are the same, each of them after the same tokens.
    private static async Task<IReadOnlyList<Figure>> CompareAsync(GenerationBench bench, string model, CancellationToken cancellationToken)
    {
        var generator = await bench.GeneratorAsync(model, cancellationToken);
        var genAi = await bench.GenAiAsync(model, cancellationToken);
        var same = 0;
        foreach (var prompt in Prompts.Many(GreedyPrompts, Context, seed: 2))
        {
            var theirs = await genAi.GreedyAsync(prompt, GreedyTokens, cancellationToken);
            var ours = await GreedyText.TokensAsync(generator, prompt, GreedyTokens, cancellationToken);
            same += ours.Zip(theirs).TakeWhile(pair => pair.First == pair.Second).Count();
            bench.Say($"{ours.Count} tokens of ours, {theirs.Count} of GenAI's, {same} the same so far");
        }

        return [GenerationFigure.Value("greedy_equal_genai", model, same, "tokens", GreedyPrompts)];
    }
}
