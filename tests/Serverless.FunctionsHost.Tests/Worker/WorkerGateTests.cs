using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Serverless.FunctionsHost.Rpc;
using Serverless.FunctionsHost.Worker;

namespace Serverless.FunctionsHost.Tests.Worker;

public sealed class WorkerGateTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wait_NoWorker_CompletesWhenOneIsReady()
    {
        var gate = new WorkerGate(_time);
        var waiting = gate.WaitAsync(TimeSpan.FromSeconds(30), Token).AsTask();
        Assert.False(waiting.IsCompleted);

        using var session = NewSession();
        gate.Open(session);
        Assert.Same(session, await waiting);
        Assert.Same(session, await gate.WaitAsync(Token));
    }

    [Fact]
    public async Task Wait_NoWorkerWithinBound_Fails()
    {
        var gate = new WorkerGate(_time);
        var waiting = gate.WaitAsync(TimeSpan.FromSeconds(30), Token).AsTask();
        _time.Advance(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<WorkerLostException>(() => waiting);
    }

    [Fact]
    public async Task Wait_StreamOfTheCurrentWorkerClosed_WaitsForTheNext()
    {
        var gate = new WorkerGate(_time);
        using var lost = NewSession();
        gate.Open(lost);
        lost.Channel.Close();
        Assert.Null(gate.Current);

        var waiting = gate.WaitAsync(Token).AsTask();
        gate.Shut();
        using var next = NewSession();
        gate.Open(next);
        while (!waiting.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }

        Assert.Same(next, await waiting);
    }

    private static WorkerSession NewSession() =>
        new(1, new WorkerChannel(new RpcLogForwarder(NullLoggerFactory.Instance)), new Uri("http://localhost:1/"), []);
}
