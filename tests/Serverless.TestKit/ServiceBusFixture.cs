using System.Diagnostics;
using System.Globalization;
using Serverless.Topology.Layout;
using Serverless.Topology.Platform;
using Serverless.Topology.Processes;
using Serverless.Topology.ServiceBus;
using Xunit;

namespace Serverless.TestKit;

/// <summary>A real Service Bus emulator on free ports with the platform's queues, for the tests of one collection.</summary>
public sealed class ServiceBusFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _data = new();
    private ServiceProcess? _process;

    /// <summary>Where it listens.</summary>
    public ServiceBusPorts Ports { get; private set; } = ServiceBusPorts.Usual;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var options = PlatformOptions.Isolated(_data.Path);
        Ports = options.Ports.ServiceBus;
        _process = await ServiceProcess.StartAsync(new PlatformCommands(Repository.Find(), options).ServiceBus());
        await _process.WaitUntilReadyAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
    }

    /// <summary>Has the emulator stand still for a while, as a broker does that fails over; its locks run out meanwhile.</summary>
    public async Task PauseAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        await SignalAsync("STOP");
        try
        {
            await Task.Delay(time, cancellationToken);
        }
        finally
        {
            await SignalAsync("CONT");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _data.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
