using System.Globalization;

namespace Serverless.Benchmarks.ServiceBus;

/// <summary>The Service Bus emulator: what durability costs, what a backlog costs, how fast it starts.</summary>
internal sealed class ServiceBusSuite : IBenchmarkSuite
{
    private const int Rounds = 5;
    private const int StartRounds = 7;

    public string Name => "servicebus";

    public async Task RunAsync(FigureWriter figures, CancellationToken cancellationToken)
    {
        await MeasureStartAsync(figures, cancellationToken);
        await using (var persistent = await EmulatorInstance.StartAsync(isPersistent: true, cancellationToken))
        await using (var inMemory = await EmulatorInstance.StartAsync(isPersistent: false, cancellationToken))
        {
            await MeasurePairAsync(figures, "send32", SendLoad.RunAsync, persistent, inMemory, cancellationToken);
            await MeasurePairAsync(figures, "processor", ProcessorLoad.RunAsync, persistent, inMemory, cancellationToken);
        }

        await MeasureBacklogAsync(figures, cancellationToken);
    }

    private async Task MeasureStartAsync(FigureWriter figures, CancellationToken cancellationToken)
    {
        var seconds = new List<double>();
        for (var round = 0; round < StartRounds; round++)
        {
            await using var instance = await EmulatorInstance.StartAsync(isPersistent: true, cancellationToken);
            seconds.Add(instance.StartTime.TotalSeconds);
        }

        figures.Say(string.Create(CultureInfo.InvariantCulture, $"start: {string.Join(' ', seconds.Select(value => $"{value:f3}"))} s"));
        figures.Write(new Figure(Name, "start_seconds", Medians.Of(seconds), "s") { N = StartRounds });
    }

    private async Task MeasurePairAsync(
        FigureWriter figures, string what, Func<string, CancellationToken, Task<double>> load, EmulatorInstance persistent,
        EmulatorInstance inMemory, CancellationToken cancellationToken)
    {
        // One round unmeasured on each side: the first compiles.
        await load(persistent.ConnectionString, cancellationToken);
        await load(inMemory.ConnectionString, cancellationToken);
        var (ours, baseline) = await PairedRun.MedianAsync(
            Rounds, () => load(persistent.ConnectionString, cancellationToken), () => load(inMemory.ConnectionString, cancellationToken));
        figures.Say(string.Create(
            CultureInfo.InvariantCulture, $"{what}: persistent {ours:f0}/s, in memory {baseline:f0}/s"));
        figures.Write(new Figure(Name, $"{what}_persistent_vs_memory", ours / baseline, "ratio")
        {
            Ours = ours,
            Baseline = baseline,
            N = Rounds,
        });
    }

    private async Task MeasureBacklogAsync(FigureWriter figures, CancellationToken cancellationToken)
    {
        await using var instance = await EmulatorInstance.StartAsync(isPersistent: true, cancellationToken);
        var (sendRate, drainRate) = await BacklogLoad.RunAsync(instance.ConnectionString, figures, cancellationToken);
        figures.Write(new Figure(Name, "drain_1m_peak_mb", instance.PeakMegabytes(), "MB"));
        figures.Write(new Figure(Name, "queue_1m_rate", sendRate, "messages/s"));
        figures.Write(new Figure(Name, "drain_1m_rate", drainRate, "messages/s"));
    }
}
