using System.Globalization;
using System.Text.Json;
using Serverless.Topology.Platform;

namespace Serverless.Benchmarks.Batch;

/// <summary>The most memory that the gateway's process has had (Linux).</summary>
internal static class GatewayMemory
{
    public static async Task<double> PeakMegabytesAsync(LocalPlatform platform, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = platform.ApiUrl };
        using var status = JsonDocument.Parse(await client.GetStringAsync(new Uri("/admin/host/status", UriKind.Relative), cancellationToken));
        var process = status.RootElement.GetProperty("workerProcessId").GetInt32();
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status"))
            .First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
