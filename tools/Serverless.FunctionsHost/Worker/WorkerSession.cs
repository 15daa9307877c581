using System.Collections.Frozen;
using Serverless.FunctionsHost.Functions;
using Serverless.FunctionsHost.Rpc;

namespace Serverless.FunctionsHost.Worker;

/// <summary>A worker that is ready: its stream, its HTTP address and its functions.</summary>
internal sealed class WorkerSession : IDisposable
{
    private readonly FrozenDictionary<string, FunctionDefinition> _byName;

    public WorkerSession(int processId, WorkerChannel channel, Uri httpUri, IReadOnlyList<FunctionDefinition> functions)
    {
        ProcessId = processId;
        Channel = channel;
        HttpPrefix = httpUri.ToString();
        Functions = functions;
        Http = WorkerHttp.CreateInvoker();
        _byName = functions.ToFrozenDictionary(f => f.Name);
    }

    public int ProcessId { get; }

    public WorkerChannel Channel { get; }

    /// <summary>Where the worker's own web server listens.</summary>
    public string HttpPrefix { get; }

    /// <summary>Connections to this worker only: none of a dead one is ever reused.</summary>
    public HttpMessageInvoker Http { get; }

    public IReadOnlyList<FunctionDefinition> Functions { get; }

    public FunctionDefinition Function(string name) =>
        _byName.TryGetValue(name, out var function)
            ? function
            : throw new InvalidOperationException($"The restarted worker no longer has the function {name}.");

    public void Dispose() => Http.Dispose();
}
