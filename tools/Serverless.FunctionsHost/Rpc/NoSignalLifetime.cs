namespace Serverless.FunctionsHost.Rpc;

/// <summary>Keeps the inner server from reacting to SIGTERM by itself: the outer host decides when it stops.</summary>
internal sealed class NoSignalLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
