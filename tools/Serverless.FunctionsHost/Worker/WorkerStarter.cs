using Microsoft.Extensions.Options;
using Serverless.FunctionsHost.Rpc;
using Serverless.FunctionsHost.Settings;

namespace Serverless.FunctionsHost.Worker;

/// <summary>Starts one worker up to the point where it can be called, or says why it cannot.</summary>
internal sealed class WorkerStarter(
    WorkerLauncher launcher,
    WorkerHandshake handshake,
    WorkerConnections connections,
    IOptions<FunctionsHostOptions> options,
    TimeProvider time)
{
    public TimeProvider Time { get; } = time;

    public async Task<RunningWorker> StartAsync(CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString();
        var channel = connections.Expect(id);
        WorkerProcess? process = null;
        try
        {
            process = await launcher.StartAsync(id);
            var session = await ShakeHandsAsync(process, channel, cancellationToken);
            return new RunningWorker(process, session, Time);
        }
        catch
        {
            connections.Take(id);
            channel.Close();
            process?.Kill();
            throw;
        }
    }

    private async Task<WorkerSession> ShakeHandsAsync(WorkerProcess process, WorkerChannel channel, CancellationToken cancellationToken)
    {
        var bound = options.Value.WorkerStartTimeout;
        using var timeout = new CancellationTokenSource(bound, Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var hands = handshake.RunAsync(process, channel, linked.Token);
        try
        {
            if (await Task.WhenAny(hands, process.Exited) == hands) return await hands;
            channel.Close();
            await ((Task)hands).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new WorkerLostException($"Its process ended with exit code {await process.Exited} before it was ready.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new WorkerLostException($"It was not ready within {bound}.");
        }
    }
}
