using Serverless.TestKit.Onnx;

namespace Serverless.Worker.Tests.Authentication;

/// <summary>A worker that knows its gateway by two keys.</summary>
public sealed class GuardedWorkerFixture : IAsyncLifetime
{
    internal RunningWorker Worker { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Worker = await RunningWorker.StartAsync(
            $"--Worker:GatewayKeys:0={Contracts.Trust.GatewayKey.Create()}", $"--Worker:GatewayKeys:1={Tokens.Key}");
        await Worker.PushAsync("m", OnnxGraphs.Scale(2));
    }

    public async ValueTask DisposeAsync()
    {
        if (Worker is not null)
            await Worker.DisposeAsync();
    }
}
