using System.Net.Http.Json;
using Serverless.Topology.Containers;

namespace Serverless.Cli.Top;

/// <summary>
/// Which replicas there are: those that were named, or else those of the local platform. Replicas in Azure are reached from inside their
/// environment alone.
/// </summary>
/// <param name="http">Asks.</param>
/// <param name="named">Where replicas serve their metrics.</param>
/// <param name="local">The local platform, where the gateway is its own; null elsewhere.</param>
internal sealed class ReplicaSource(HttpClient http, IReadOnlyList<Uri> named, LocalReplicas? local)
{
    /// <summary>The replicas that run now.</summary>
    /// <exception cref="IOException">It cannot be known.</exception>
    public async Task<IReadOnlyList<Replica>> ListAsync(CancellationToken cancellationToken)
    {
        if (named.Count > 0)
            return [.. named.Select(url => new Replica(url.Authority, null, url))];
        if (local is null)
            throw new IOException("nothing says where replicas serve their metrics; name them with --worker URL");
        try
        {
            var status = await http.GetFromJsonAsync<ContainerStatus>(new Uri(local.Containers, "/status"), cancellationToken);
            return [.. status!.Replicas.Where(replica => replica.Ended is null)
                .Select(replica => new Replica(replica.Name, replica.State.ToLowerInvariant(), replica.Metrics))];
        }
        catch (HttpRequestException)
        {
            // Nobody starts and stops replicas: there is the one worker.
            return [new Replica("worker", null, local.Worker)];
        }
    }
}
