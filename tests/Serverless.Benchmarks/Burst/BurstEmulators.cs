using Serverless.TestKit;

namespace Serverless.Benchmarks.Burst;

/// <summary>Storage and Service Bus on this machine.</summary>
internal sealed class BurstEmulators : IAsyncDisposable
{
    public AzuriteFixture Storage { get; } = new();

    public ServiceBusFixture ServiceBus { get; } = new();

    public async Task StartAsync()
    {
        await Storage.InitializeAsync();
        await ServiceBus.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await ServiceBus.DisposeAsync();
        await Storage.DisposeAsync();
    }
}
