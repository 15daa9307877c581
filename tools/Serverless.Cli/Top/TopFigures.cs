namespace Serverless.Cli.Top;

/// <summary>What the readings come to; null for what is not known.</summary>
internal sealed class TopFigures(PlatformReading reading)
{
    private const double Latency = 0.99;

    private readonly Change? _gateway = reading.Gateway.Value?.Change;

    public double? RequestsPerSecond => _gateway?.Rate("serverless_gateway_requests", IsServing);

    public double? FailuresPerSecond => _gateway?.Rate(
        "serverless_gateway_requests", sample => IsServing(sample) && sample.Label("status").StartsWith('5'));

    public double? P99 => Quantile(_gateway is null ? [] : [_gateway], "serverless_gateway_request_duration", IsServing);

    /// <summary>Requests that the gateway holds until a replica is there.</summary>
    public double? Held => reading.Gateway.Value is { } gateway ? gateway.Now.Sum("serverless_gateway_held") ?? 0 : null;

    public double? TokensPerSecond => OfReplicas(change => change.Rate("serverless_generation_tokens_output"));

    public double? Waiting => OfReplicas(now => now.Sum("serverless_generation_waiting") ?? 0);

    /// <summary>Lines that batches still have to answer.</summary>
    public int? Lines => reading.Batches.Value?.Where(batch => !batch.IsFinal).Sum(batch => Math.Max(0, batch.Total - batch.Done));

    public double? CostPerHour =>
        reading.Replicas.Value is not { } replicas ? null
        : replicas.Count == 0 ? 0
        : replicas.Any(replica => replica.CostPerHour is not null) ? replicas.Sum(replica => replica.CostPerHour ?? 0)
        : null;

    public double? RequestsOf(string model) => OfReplicas(change => change.Rate("serverless_inference_requests", IsOf(model)));

    public double? TokensOf(string model) => OfReplicas(change => change.Rate("serverless_generation_tokens_output", IsOf(model)));

    public double? WaitingOf(string model) => OfReplicas(now => now.Sum("serverless_generation_waiting", IsOf(model)) ?? 0);

    public double? P99Of(string model) => Quantile(Changes, "serverless_inference_request_duration", IsOf(model));

    private IEnumerable<Change> Changes => Observations.Select(observation => observation.Change).OfType<Change>();

    private IEnumerable<Observation> Observations =>
        reading.Replicas.Value?.Select(replica => replica.Metrics.Value).OfType<Observation>() ?? [];

    // Without a replica nothing is done, which is known.
    private bool AreAtZero => reading.Replicas.Value is { Count: 0 };

    private double? OfReplicas(Func<Change, double> read) => AreAtZero ? 0 : Changes.Any() ? Changes.Sum(read) : null;

    private double? OfReplicas(Func<Scrape, double> read) =>
        AreAtZero ? 0 : Observations.Any() ? Observations.Sum(observation => read(observation.Now)) : null;

    private static double? Quantile(IEnumerable<Change> changes, string histogram, Func<Sample, bool> where)
    {
        var all = new Histogram();
        foreach (var change in changes)
            change.AddTo(all, histogram, where);
        return all.Quantile(Latency);
    }

    // Scrapes, and what operators do, are no load.
    private static bool IsServing(Sample sample) => sample.Label("api") is "openai" or "open-inference";

    private static Func<Sample, bool> IsOf(string model) => sample => sample.Label("model") == model;
}
