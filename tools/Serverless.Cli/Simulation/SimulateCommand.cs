using System.Diagnostics;
using Serverless.Scaling;
using Serverless.Simulation;
using Serverless.Topology.Layout;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Simulation;

/// <summary><c>infer simulate</c>: what the scale rules would make of a trace.</summary>
internal sealed class SimulateCommand(IAnsiConsole console) : AsyncCommand<SimulateSettings>
{
    // A Monday without a change of clocks: made-up arrivals are the same on every day.
    private static readonly DateTimeOffset MadeUpStart = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    public override async Task<int> ExecuteAsync(CommandContext context, SimulateSettings settings, CancellationToken cancellationToken)
    {
        var rules = ScaleRules.Load(settings.Rules ?? Path.Combine(Repository.Find().Root, "infra", "scale.json")).Worker;
        var profile = settings.Profile is null ? ServiceProfile.Default : ServiceProfile.Load(settings.Profile);
        if (settings.SaveTrace is { } file)
            await TraceFile.WriteAsync(file, MadeUp(settings), cancellationToken);

        var started = Stopwatch.GetTimestamp();
        var arrivals = settings.Trace is null ? MadeUp(settings) : ArrivalTrace.Read(settings.Trace, rules.Queues.Keys);
        var simulation = new ScaleSimulation(rules, ScaleTimes.Of(rules).Compressed(settings.Compress), profile);
        var result = await Task.Run(() => simulation.Run(arrivals, settings.Seed, cancellation: cancellationToken), cancellationToken);
        var figures = SimulationFigures.Of(result, profile.Price);
        SimulationTable.Print(console, figures);
        if (settings.Report is { } report)
        {
            var name = settings.Trace is null ? "made-up arrivals" : Path.GetFileName(settings.Trace);
            await File.WriteAllTextAsync(report, SimulationPage.Of(name, figures, result, rules), cancellationToken);
            console.MarkupLineInterpolated($"Report: {report}");
        }

        console.MarkupLineInterpolated($"[grey]Simulated in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s.[/]");
        return 0;
    }

    private static IEnumerable<Arrival> MadeUp(SimulateSettings settings) => new SyntheticLoad(
        settings.Requests,
        settings.Rate,
        settings.BurstRate,
        TimeSpan.FromSeconds(settings.BurstEvery),
        TimeSpan.FromSeconds(settings.BurstLength),
        settings.ContextTokens,
        settings.GeneratedTokens,
        settings.Queue).From(MadeUpStart, settings.Seed);
}
