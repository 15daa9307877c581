using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Serverless.Topology.Layout;

namespace Serverless.Benchmarks.ServiceBus;

/// <summary>The emulator in a process of its own, persistent or in memory.</summary>
internal sealed class EmulatorInstance : IAsyncDisposable
{
    private const string Config = """
        { "UserConfig": { "Namespaces": [ { "Name": "bench", "Queues": [
          { "Name": "send", "Properties": { "MaxSizeInMegabytes": 81920 } },
          { "Name": "process", "Properties": { "MaxSizeInMegabytes": 81920, "LockDuration": "PT5M" } },
          { "Name": "backlog", "Properties": { "MaxSizeInMegabytes": 81920, "LockDuration": "PT5M" } }
        ] } ] } }
        """;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly string _directory;
    private readonly Process _process;

    private EmulatorInstance(string directory, Process process)
    {
        _directory = directory;
        _process = process;
    }

    public TimeSpan StartTime { get; private set; }

    public string ConnectionString { get; private set; } = string.Empty;

    public static async Task<EmulatorInstance> StartAsync(bool isPersistent, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("sb-bench-").FullName;
        var config = Path.Combine(directory, "Config.json");
        var ports = Path.Combine(directory, "ports.json");
        await File.WriteAllTextAsync(config, Config, cancellationToken);
        string[] storage = isPersistent ? ["--data", Path.Combine(directory, "data")] : ["--in-memory"];
        var started = Stopwatch.StartNew();
        var process = Process.Start(new ProcessStartInfo("dotnet", [
            Repository.Find().AssemblyOf("tools/Serverless.ServiceBusEmulator"), "--config", config, "--ports-file", ports,
            "--amqp-port", "0", "--http-port", "0", .. storage])
        {
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("The emulator could not be started.");
        var instance = new EmulatorInstance(directory, process);
        while (!File.Exists(ports))
        {
            if (process.HasExited || started.Elapsed > StartLimit)
                throw new InvalidOperationException("The emulator did not start.");
            await Task.Delay(2, cancellationToken);
        }

        instance.StartTime = started.Elapsed;
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(ports, cancellationToken));
        var port = document.RootElement.GetProperty("amqpPort").GetInt32();
        instance.ConnectionString =
            $"Endpoint=sb://localhost:{port};SharedAccessKeyName=k;SharedAccessKey=k;UseDevelopmentEmulator=true;";
        return instance;
    }

    /// <summary>The most memory the process ever had resident, from the kernel.</summary>
    public double PeakMegabytes()
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(entry => entry.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
