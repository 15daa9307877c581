using Serverless.ContainerHost.Replicas;

namespace Serverless.ContainerHost.Probes;

/// <summary>Asks replicas how they are, in the order in which a kubelet does.</summary>
internal sealed class ReplicaProber(WorkerProbes probes, TimeProvider time) : IDisposable
{
    // A connection of its own for each question, as a kubelet has: that an old one still answers says nothing about new ones.
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        ActivityHeadersPropagator = null,
    });

    /// <summary>Returns which probe the replica failed for good; until then calls <paramref name="onReadiness"/> with each change.</summary>
    public async Task<string> RunAsync(Replica replica, Action<bool> onReadiness, CancellationToken cancellationToken)
    {
        if (!await StartsAsync(replica, cancellationToken))
            return "startup";

        // A kubelet asks for readiness at once when the start has succeeded.
        var readiness = WatchAsync(probes.Readiness, replica, onReadiness, cancellationToken);
        await await Task.WhenAny(FailsAsync(probes.Liveness, replica, cancellationToken), readiness);
        return "liveness";
    }

    public void Dispose() => _client.Dispose();

    private async Task<bool> StartsAsync(Replica replica, CancellationToken cancellationToken)
    {
        await Task.Delay(probes.Startup.Delay, time, cancellationToken);
        for (var failures = 0; failures < probes.Startup.FailureThreshold; failures++)
        {
            if (await AskAsync(probes.Startup, replica, cancellationToken))
                return true;
            await Task.Delay(probes.Startup.Period, time, cancellationToken);
        }

        return false;
    }

    private async Task FailsAsync(Probe probe, Replica replica, CancellationToken cancellationToken)
    {
        for (var failures = 0; failures < probe.FailureThreshold;)
        {
            failures = await AskAsync(probe, replica, cancellationToken) ? 0 : failures + 1;
            await Task.Delay(probe.Period, time, cancellationToken);
        }
    }

    private async Task WatchAsync(Probe probe, Replica replica, Action<bool> onChange, CancellationToken cancellationToken)
    {
        var ready = false;
        var failures = 0;
        while (true)
        {
            failures = await AskAsync(probe, replica, cancellationToken) ? 0 : failures + 1;
            var now = failures == 0 || (ready && failures < probe.FailureThreshold);
            if (now != ready)
                onChange(ready = now);
            await Task.Delay(probe.Period, time, cancellationToken);
        }
    }

    private async Task<bool> AskAsync(Probe probe, Replica replica, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(probe.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await _client.GetAsync(
                new Uri(replica.Address, probe.Path), HttpCompletionOption.ResponseHeadersRead, linked.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
