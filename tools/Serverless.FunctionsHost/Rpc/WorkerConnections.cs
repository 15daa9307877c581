using System.Collections.Concurrent;

namespace Serverless.FunctionsHost.Rpc;

/// <summary>Workers that were started and have not called back yet. Only a worker with an expected id gets a stream.</summary>
internal sealed class WorkerConnections(RpcLogForwarder logs)
{
    private readonly ConcurrentDictionary<string, WorkerChannel> _expected = new();

    public WorkerChannel Expect(string workerId) => _expected[workerId] = new WorkerChannel(logs);

    public WorkerChannel? Take(string workerId) => _expected.TryRemove(workerId, out var channel) ? channel : null;
}
