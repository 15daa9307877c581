using System.Globalization;
using Serverless.Topology.Processes;

namespace Serverless.Benchmarks.Serving;

/// <summary>A server under load, in a process of its own, whose processor time and memory the kernel counts.</summary>
internal sealed class BenchServer(ServiceProcess process, int port) : IAsyncDisposable
{
    // USER_HZ, which Linux fixes for every program that reads /proc.
    private const double TicksPerSecond = 100;

    public int Port => port;

    public string Name => process.Command.Name;

    /// <summary>Starts the server and waits until it answers.</summary>
    public static async Task<BenchServer> StartAsync(ServiceCommand command, int port, CancellationToken cancellationToken)
    {
        var server = new BenchServer(await ServiceProcess.StartAsync(command), port);
        await server.WaitAsync(cancellationToken);
        return server;
    }

    /// <summary>User and system time of all its threads so far.</summary>
    public double ProcessorSeconds()
    {
        var stat = File.ReadAllText($"/proc/{process.Id}/stat");
        // The name in parentheses may hold spaces; user and system time are the 12th and 13th field after it.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[11..13].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>Megabytes resident now.</summary>
    public double ResidentMegabytes()
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(entry => entry.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await process.WaitUntilReadyAsync(TimeSpan.FromSeconds(60), cancellationToken);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }
}
