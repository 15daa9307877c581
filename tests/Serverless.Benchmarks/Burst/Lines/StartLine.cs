using System.Globalization;
using Serverless.SampleModels;

namespace Serverless.Benchmarks.Burst.Lines;

/// <summary>
/// A worker's process from its start to its first vector, with the model in the local cache, beside the least program that loads the same
/// model. Both as they are published, both begin to load at once; the worker asks its storage for the manifest and takes messages from
/// Service Bus, as in Azure.
/// </summary>
internal static class StartLine
{
    private const string Metric = "start_to_answer_vs_hello";

    public static BurstLine Line { get; } = new(Metric, MeasureAsync);

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(BurstBench bench, CancellationToken cancellationToken)
    {
        var worker = await ColdStarts.WorkerAsync(bench, cancellationToken);
        var bare = await ColdStarts.BareAsync(bench, cancellationToken);
        var (ours, baseline) = (new List<ColdAnswer>(), new List<ColdAnswer>());

        // Round -1 brings both programs' files into memory; it is not counted.
        for (var round = -1; round < bench.Options.Rounds; round++)
        {
            var answer = await worker(cancellationToken);
            if (!answer.IsCached)
                throw new InvalidRunException("the model did not come from the local cache.");
            var other = await bare(cancellationToken);
            if (round < 0)
                continue;
            ours.Add(answer);
            baseline.Add(other);
        }

        bench.Say($"worker: {Stages(ours)}");
        bench.Say($"bare: {Stages(baseline)}");
        var (took, least) = (Median(ours, answer => answer.Answered), Median(baseline, answer => answer.Answered));
        return
        [
            new Figure("burst", Metric, took / least, "ratio") { Model = MiniLm.Name, Ours = took, Baseline = least, N = bench.Options.Rounds },
            .. StageFigures(ours, bench.Options.Rounds),
        ];
    }

    private static IEnumerable<Figure> StageFigures(List<ColdAnswer> answers, int rounds) =>
        Names(answers).Where(name => name is not ("bytes" or "cached")).Select(name =>
            new Figure("burst", $"start_{name}_ms", Stage(answers, name), "ms") { Model = MiniLm.Name, N = rounds });

    private static string Stages(List<ColdAnswer> answers) => string.Create(
        CultureInfo.InvariantCulture,
        $"listening {Median(answers, answer => answer.Listening):0.0}, answered {Median(answers, answer => answer.Answered):0.0}, processor {Median(answers, answer => answer.Processor):0} ms; ")
        + string.Join(", ", Names(answers).Select(name => string.Create(CultureInfo.InvariantCulture, $"{name} {Stage(answers, name):0.0}")));

    private static IEnumerable<string> Names(List<ColdAnswer> answers) => answers[0].Timing.Keys;

    private static double Stage(List<ColdAnswer> answers, string name) =>
        Medians.Of([.. answers.Select(answer => answer.Timing.GetValueOrDefault(name))]);

    private static double Median(List<ColdAnswer> answers, Func<ColdAnswer, TimeSpan> time) =>
        Medians.Of([.. answers.Select(answer => time(answer).TotalMilliseconds)]);
}
