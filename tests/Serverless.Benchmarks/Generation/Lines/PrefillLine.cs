using System.Diagnostics;
using System.Globalization;
using Serverless.Inference.Generation;

namespace Serverless.Benchmarks.Generation.Lines;

/// <summary>Eight streams while long prompts arrive: how much the streams slow down, and how long the prompts wait.</summary>
internal static class PrefillLine
{
    private const string Model = DecoderModel.Grouped;
    private const int Streams = 8;
    private const int Context = 128;
    private const int LongPrompt = 1500;
    private const int Arrivals = 3;
    private const int SteadyTokens = 100;
    private const int MaxRounds = 3;

    // The streams are cancelled once the prompts are through.
    private const int MoreThanEnough = 1900;

    public static GenerationLine Line { get; } =
        new(["itl_p95_during_prefill", "itl_p99_during_prefill", "ttft_under_load"], Model, MeasureAsync);

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(GenerationBench bench, CancellationToken cancellationToken)
    {
        var generator = await bench.GeneratorAsync(Model, cancellationToken);
        var (steady, loaded, alone, waited) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var rounds = Math.Min(MaxRounds, bench.Options.Rounds);
        await FirstTokenAsync(generator, seed: 90, cancellationToken);
        for (var round = 0; round < rounds; round++)
        {
            alone.Add(await FirstTokenAsync(generator, seed: 100 + round, cancellationToken));
            await RoundAsync(generator, round, steady, loaded, waited, cancellationToken);
            bench.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{steady.Count} intervals of {Medians.Of(steady) * 1e3:0.0} ms, {loaded.Count} of {Medians.Of(loaded) * 1e3:0.0} ms beside "
                + $"prompts; first token after {Medians.Of(alone):0.00} s alone, {Medians.Of(waited):0.00} s beside streams"));
        }

        return
        [
            Ratio("itl_p95_during_prefill", 0.95),
            Ratio("itl_p99_during_prefill", 0.99),
            GenerationFigure.Ratio("ttft_under_load", Model, Medians.Of(waited), Medians.Of(alone), waited.Count),
        ];

        Figure Ratio(string metric, double share) => GenerationFigure.Ratio(
            metric, Model, GenerationFigure.Percentile(loaded, share), GenerationFigure.Percentile(steady, share), rounds);
    }

    // Steady, beside prompts, steady again: the streams grow meanwhile, which falls on both.
    private static async Task RoundAsync(
        TextGenerator generator, int round, List<double> steady, List<double> loaded, List<double> waited, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var streams = Prompts.Many(Streams, Context, seed: 10 + round)
            .Select(prompt => TimedStream.Start(generator, prompt, MoreThanEnough, stop.Token)).ToList();
        await Task.WhenAll(streams.Select(stream => stream.First));
        var (began, arrived) = (Stopwatch.GetTimestamp(), await SteadyAsync(streams, cancellationToken));
        for (var arrival = 0; arrival < Arrivals; arrival++)
            waited.Add(await FirstTokenAsync(generator, seed: 200 + (round * Arrivals) + arrival, cancellationToken));
        var through = Stopwatch.GetTimestamp();
        var ended = await SteadyAsync(streams, cancellationToken);
        await stop.CancelAsync();
        foreach (var stream in streams)
            await stream.Ended.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        steady.AddRange(streams.SelectMany(stream => stream.Intervals(began, arrived).Concat(stream.Intervals(through, ended))));
        loaded.AddRange(streams.SelectMany(stream => stream.Intervals(arrived, through)));
    }

    private static async Task<long> SteadyAsync(List<TimedStream> streams, CancellationToken cancellationToken)
    {
        var goal = streams[0].Tokens + SteadyTokens;
        while (streams[0].Tokens < goal)
        {
            if (streams[0].Ended.IsCompleted)
                throw new InvalidRunException("the streams ended before the prompts were through.");
            await Task.Delay(20, cancellationToken);
        }

        return Stopwatch.GetTimestamp();
    }

    private static async Task<double> FirstTokenAsync(TextGenerator generator, int seed, CancellationToken cancellationToken)
    {
        var stream = TimedStream.Start(generator, Prompts.Of(LongPrompt, seed), 1, cancellationToken);
        await stream.Ended;
        return stream.TimeToFirst.TotalSeconds;
    }
}
