namespace Serverless.Cli.Top;

/// <summary>Why something is not shown, one line for each part.</summary>
internal static class TopRemarks
{
    public static IEnumerable<string> Of(PlatformReading reading)
    {
        if (reading.Gateway.Problem is { } gateway)
            yield return $"req/s, 5xx/s, p99, held: {gateway}";
        else if (reading.Gateway.Value?.Change is null)
            yield return "req/s, 5xx/s, p99: this instance of the gateway is read for the first time";
        if (reading.Replicas.Problem is { } replicas)
            yield return $"replicas, tokens/s, waiting, cost/h: {replicas}";
        foreach (var replica in reading.Replicas.Value ?? [])
        {
            if (replica.Metrics.Problem is { } problem)
                yield return $"{replica.Replica.Name}: {problem}";
        }

        if (reading.Replicas.Value is { Count: > 0 } read && read.All(replica => replica.CostPerHour is null))
            yield return "cost/h: replicas have no prices (Worker__Costs__*), or were not charged yet";
        if (reading.Models.Problem is { } models)
            yield return $"models: {models}";
        else if (reading.States.Problem is { } states)
            yield return $"states of models: {states}";
        if (reading.Batches.Problem is { } batches)
            yield return $"lines: {batches}";
    }
}
