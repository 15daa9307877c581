using System.Globalization;
using Serverless.Simulation;

namespace Serverless.Cli.Simulation;

/// <summary>Writes arrivals as the CSV that is read.</summary>
internal static class TraceFile
{
    public static async Task WriteAsync(string path, IEnumerable<Arrival> arrivals, CancellationToken cancellation)
    {
        await using var writer = new StreamWriter(path) { NewLine = "\n" };
        await writer.WriteLineAsync("TIMESTAMP,ContextTokens,GeneratedTokens,Queue");
        foreach (var arrival in arrivals)
        {
            cancellation.ThrowIfCancellationRequested();
            await writer.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{arrival.At.UtcDateTime:yyyy-MM-dd HH:mm:ss.fffffff},{arrival.ContextTokens},{arrival.GeneratedTokens},{arrival.Queue}"));
        }
    }
}
