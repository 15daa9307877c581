using System.Collections.Concurrent;

namespace Serverless.TestKit.Fuzzing;

/// <summary>A number of broken requests, one after another on each of several connections.</summary>
public static class FuzzRun
{
    private const int Connections = 4;

    /// <summary>Sends <paramref name="requests"/> requests and counts the answers by status; 0 is for connections closed without one.</summary>
    public static async Task<IReadOnlyDictionary<int, int>> RunAsync(int port, int seed, int requests, CancellationToken cancellationToken)
    {
        var statuses = new ConcurrentDictionary<int, int>();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async connection =>
        {
            var mutator = new RequestMutator(seed + connection);
            using var client = new FuzzClient(port);
            for (var i = connection; i < requests; i += Connections)
            {
                var (bytes, last) = mutator.Next();
                statuses.AddOrUpdate(await client.SendAsync(bytes, last, cancellationToken), 1, (_, count) => count + 1);
            }
        }));
        return statuses;
    }
}
