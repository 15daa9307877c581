using System.Globalization;
using Serverless.Topology.Platform;

namespace Serverless.Benchmarks.Batch;

/// <summary>User and system time of a platform's processes (Linux), by their names; workers count as one.</summary>
internal sealed record ProcessorTimes(IReadOnlyDictionary<string, TimeSpan> Of)
{
    // USER_HZ, which Linux fixes for every program that reads /proc.
    private const double TicksPerSecond = 100;

    public TimeSpan Total => TimeSpan.FromTicks(Of.Values.Sum(time => time.Ticks));

    /// <summary>The times so far.</summary>
    public static async Task<ProcessorTimes> ReadAsync(LocalPlatform platform, CancellationToken cancellationToken)
    {
        var times = platform.Services
            .Select(service => (Name: service.Key.StartsWith("worker", StringComparison.Ordinal) ? "worker" : service.Key, service.Value.Id))
            .Append((Name: "gateway", Id: await GatewayProcess.FindAsync(platform, cancellationToken)))
            .GroupBy(process => process.Name, process => Read(process.Id));
        return new ProcessorTimes(times.ToDictionary(group => group.Key, group => TimeSpan.FromTicks(group.Sum(time => time.Ticks))));
    }

    /// <summary>What was used since <paramref name="start"/>.</summary>
    public ProcessorTimes Since(ProcessorTimes start) =>
        new(Of.ToDictionary(entry => entry.Key, entry => entry.Value - start.Of.GetValueOrDefault(entry.Key)));

    private static TimeSpan Read(int process)
    {
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
        // The name in parentheses may hold spaces; user and system time are the 12th and 13th field after it.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds(fields[11..13].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) / TicksPerSecond);
    }
}
