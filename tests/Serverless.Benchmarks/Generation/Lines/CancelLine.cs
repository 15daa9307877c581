using Serverless.Inference.Generation;

namespace Serverless.Benchmarks.Generation.Lines;

/// <summary>How many more steps a stream takes part in once its caller has gone.</summary>
internal static class CancelLine
{
    private const string Model = DecoderModel.Grouped;
    private const int Streams = 8;
    private const int Tokens = 400;

    public static GenerationLine Line { get; } = new(["cancel_steps"], Model, MeasureAsync);

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(GenerationBench bench, CancellationToken cancellationToken)
    {
        var generator = await bench.GeneratorAsync(Model, cancellationToken);
        var most = 0;
        for (var round = 0; round < bench.Options.Rounds; round++)
            most = Math.Max(most, await RoundAsync(generator, round, cancellationToken));
        return [GenerationFigure.Value("cancel_steps", Model, most, "steps", bench.Options.Rounds * Streams)];
    }

    // One after the other leaves, until nobody is left; the others go on for a few steps each time.
    private static async Task<int> RoundAsync(TextGenerator generator, int round, CancellationToken cancellationToken)
    {
        var stops = Enumerable.Range(0, Streams).Select(_ => CancellationTokenSource.CreateLinkedTokenSource(cancellationToken)).ToList();
        try
        {
            var streams = Prompts.Many(Streams, 64, seed: 30 + round)
                .Select((prompt, index) => TimedStream.Start(generator, prompt, Tokens, stops[index].Token)).ToList();
            await Task.WhenAll(streams.Select(stream => stream.First));
            var most = 0;
            for (var index = 0; index < Streams; index++)
            {
                await Task.Delay(50, cancellationToken);
                var before = streams[index].Tokens;
                await stops[index].CancelAsync();
                await Task.Delay(400, cancellationToken);
                most = Math.Max(most, streams[index].Tokens - before);
                if (before >= Tokens)
                    throw new InvalidRunException("a stream ended before it was cancelled.");
            }

            foreach (var stream in streams)
                await stream.Ended.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return most;
        }
        finally
        {
            stops.ForEach(stop => stop.Dispose());
        }
    }
}
