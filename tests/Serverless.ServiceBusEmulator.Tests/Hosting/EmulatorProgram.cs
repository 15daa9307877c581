using System.Diagnostics;
using System.Text.Json;

namespace Serverless.ServiceBusEmulator.Tests.Hosting;

/// <summary>The real program in a process of its own, on free ports first and on the same ones after a restart.</summary>
internal sealed class EmulatorProgram : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sbe-").FullName;
    private Process? _process;
    private int _starts;

    public int AmqpPort { get; private set; }

    public int HttpPort { get; private set; }

    public string ConnectionString => Emulator.ConnectionStringFor(AmqpPort);

    public string AdministrationConnectionString => Emulator.ConnectionStringFor(HttpPort);

    public async Task StartAsync(string config, CancellationToken cancellationToken)
    {
        var portsFile = Path.Combine(_directory, $"ports-{++_starts}.json");
        var configFile = Path.Combine(_directory, "Config.json");
        await File.WriteAllTextAsync(configFile, config, cancellationToken);
        var program = Path.Combine(AppContext.BaseDirectory, "Serverless.ServiceBusEmulator.dll");
        _process = Process.Start(new ProcessStartInfo("dotnet", [
            program, "--config", configFile, "--data", Path.Combine(_directory, "data"), "--ports-file", portsFile,
            "--amqp-port", $"{AmqpPort}", "--http-port", $"{HttpPort}"])
        {
            RedirectStandardOutput = true,
        })!;
        await WaitUntil.TrueAsync(() => Task.FromResult(File.Exists(portsFile) || _process.HasExited));
        Assert.False(_process.HasExited, "The emulator ended while it started.");
        using var ports = JsonDocument.Parse(await File.ReadAllTextAsync(portsFile, cancellationToken));
        AmqpPort = ports.RootElement.GetProperty("amqpPort").GetInt32();
        HttpPort = ports.RootElement.GetProperty("httpPort").GetInt32();
    }

    /// <summary>SIGKILL: nothing of the process runs any more.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>SIGTERM; the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process!.Id}"]))
            await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            try
            {
                process.Kill();
                await process.WaitForExitAsync();
                process.Dispose();
            }
            catch (InvalidOperationException)
            {
                // It has ended already.
            }
        }

        Directory.Delete(_directory, recursive: true);
    }
}
