using System.Globalization;
using System.Text.Json;
using Serverless.Topology.Platform;

namespace Serverless.Benchmarks.Batch;

/// <summary>The gateway's isolated process, as the Functions host and the kernel know it (Linux).</summary>
internal static class GatewayProcess
{
    /// <summary>Its id.</summary>
    public static async Task<int> FindAsync(LocalPlatform platform, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = platform.ApiUrl };
        using var status = JsonDocument.Parse(await client.GetStringAsync(new Uri("/admin/host/status", UriKind.Relative), cancellationToken));
        return status.RootElement.GetProperty("workerProcessId").GetInt32();
    }

    /// <summary>The most memory that it has had, in megabytes.</summary>
    public static async Task<double> PeakMegabytesAsync(LocalPlatform platform, CancellationToken cancellationToken)
    {
        var process = await FindAsync(platform, cancellationToken);
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status"))
            .First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
