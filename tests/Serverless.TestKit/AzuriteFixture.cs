using Serverless.Topology.Azurite;
using Serverless.Topology.Layout;
using Serverless.Topology.Processes;
using Xunit;

namespace Serverless.TestKit;

/// <summary>A real Azurite on free ports, for the tests of one collection.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _data = new();
    private ServiceProcess? _process;

    /// <summary>Where it listens.</summary>
    public AzuritePorts Ports { get; private set; } = AzuritePorts.Usual;

    /// <summary>Connection string of its development account.</summary>
    public string ConnectionString => Ports.ConnectionString;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var script = await AzuriteInstallation.EnsureAsync(Repository.Find(), CancellationToken.None);
        var ports = FreePorts.Pick(3);
        Ports = new AzuritePorts(ports[0], ports[1], ports[2]);
        _process = await ServiceProcess.StartAsync(AzuriteCommand.Create(script, Ports, _data.Path));
        await _process.WaitUntilReadyAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _data.Dispose();
    }
}
