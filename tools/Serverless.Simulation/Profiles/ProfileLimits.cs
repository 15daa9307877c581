namespace Serverless.Simulation;

/// <summary>What the members of a profile may be.</summary>
internal static class ProfileLimits
{
    private const double HourOfMilliseconds = 3_600_000;

    /// <summary>What is wrong with a profile, or null.</summary>
    public static string? Fault(ServiceProfile profile)
    {
        var (service, start, price) = (profile.Service, profile.ColdStart, profile.Price);
        (string Name, double Value, double Min, double Max)[] members =
        [
            ("concurrency", profile.Concurrency, 1, 10_000),
            ("service.baseMilliseconds", service.BaseMilliseconds, 0, HourOfMilliseconds),
            ("service.perContextTokenMilliseconds", service.PerContextTokenMilliseconds, 0, 60_000),
            ("service.perGeneratedTokenMilliseconds", service.PerGeneratedTokenMilliseconds, 0, 60_000),
            ("coldStart.platformSeconds", start.PlatformSeconds, 0, 3600),
            ("coldStart.processSeconds", start.ProcessSeconds, 0, 3600),
            ("coldStart.modelSeconds", start.ModelSeconds, 0, 3600),
            ("coldStart.spread", start.Spread, 0, 3),
            ("price.cpus", price.Cpus, 0, 1000),
            ("price.giB", price.GiB, 0, 10_000),
            ("price.gpus", price.Gpus, 0, 100),
            ("price.perCpuSecond", price.PerCpuSecond, 0, 1000),
            ("price.perGiBSecond", price.PerGiBSecond, 0, 1000),
            ("price.perGpuSecond", price.PerGpuSecond, 0, 1000),
            // A queue may be null in JSON.
            .. profile.Queues.Select(queue => ($"queues.{queue.Key}.places", (double)(queue.Value?.Places ?? 0), 1.0, 1000.0)),
        ];
        foreach (var (name, value, min, max) in members)
        {
            if (!(value >= min && value <= max))
                return FormattableString.Invariant($"{name} is {value}; {min} to {max} is allowed.");
        }

        return price.Currency.Length is > 0 and <= 8 ? null : "price.currency has to have 1 to 8 characters.";
    }
}
