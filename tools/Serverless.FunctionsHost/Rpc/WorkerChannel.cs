using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Grpc.Core;
using Serverless.FunctionsHost.Rpc.Messages;

namespace Serverless.FunctionsHost.Rpc;

/// <summary>
/// The message stream of one worker: a single writer over a bounded channel (a gRPC stream takes one write at a time), replies
/// matched by request id, invocations by invocation id. Once closed it stays closed and fails whatever was still open.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and its wait handle is never taken: nothing to dispose.")]
internal sealed class WorkerChannel(RpcLogForwarder logs)
{
    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    // Each entry is a small message; a full channel means the worker does not read, and callers then wait.
    private readonly Channel<StreamingMessage> _outbound = Channel.CreateBounded<StreamingMessage>(
        new BoundedChannelOptions(1024) { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _requests = new();
    private readonly ConcurrentDictionary<string, PendingInvocation> _invocations = new();
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closed = new();

    /// <summary>Completes when the worker has opened its stream.</summary>
    public Task Connected => _connected.Task;

    public CancellationToken Closed => _closed.Token;

    public int InFlight => _invocations.Count;

    public ValueTask SendAsync(StreamingMessage message, CancellationToken cancellationToken) =>
        _outbound.Writer.TryWrite(message) ? ValueTask.CompletedTask : SendSlowlyAsync(message, cancellationToken);

    public async Task<StreamingMessage> AskAsync(StreamingMessage message, CancellationToken cancellationToken)
    {
        message.RequestId = Guid.NewGuid().ToString();
        var reply = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests[message.RequestId] = reply;
        try
        {
            await SendAsync(message, cancellationToken);
            return await WaitAsync(reply.Task, cancellationToken);
        }
        finally
        {
            _requests.TryRemove(message.RequestId, out _);
        }
    }

    public async ValueTask<PendingInvocation> BeginAsync(InvocationRequest request, CancellationToken cancellationToken)
    {
        var pending = new PendingInvocation(this, request.InvocationId);
        _invocations[pending.Id] = pending;
        try
        {
            await SendAsync(new StreamingMessage { InvocationRequest = request }, cancellationToken);
        }
        catch
        {
            _invocations.TryRemove(pending.Id, out _);
            throw;
        }

        // Close() may have walked the table just before this entry was added.
        if (_closed.IsCancellationRequested) FailInvocations();
        return pending;
    }

    public void Cancel(PendingInvocation pending)
    {
        if (pending.Task.IsCompleted) return;
        var message = new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = pending.Id } };
        if (!_outbound.Writer.TryWrite(message)) _ = SendCancelSlowlyAsync(message);
    }

    public void CancelAll()
    {
        foreach (var pending in _invocations.Values) Cancel(pending);
    }

    public void Forget(PendingInvocation pending) => _invocations.TryRemove(pending.Id, out _);

    public void Close()
    {
        _outbound.Writer.TryComplete();
        _closed.Cancel();
        _connected.TrySetException(new WorkerLostException("The worker's stream closed before it was set up."));
        _ = _connected.Task.Exception;
        FailInvocations();
    }

    public async Task RunAsync(
        IAsyncStreamReader<StreamingMessage> reader, IServerStreamWriter<StreamingMessage> writer, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Closed);
        _connected.TrySetResult();
        var writing = WriteAsync(writer, linked.Token);
        try
        {
            while (await reader.MoveNext(linked.Token)) Receive(reader.Current);
        }
        finally
        {
            Close();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> writer, CancellationToken cancellationToken)
    {
        try
        {
            while (await _outbound.Reader.WaitToReadAsync(CancellationToken.None))
            {
                while (_outbound.Reader.TryRead(out var message))
                {
                    // Flushed when nothing else waits, so that a burst costs one system call.
                    writer.WriteOptions = _outbound.Reader.TryPeek(out _) ? Buffered : null;
                    await writer.WriteAsync(message, cancellationToken);
                }
            }
        }
        finally
        {
            Close();
        }
    }

    private void Receive(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.InvocationResponse:
                var response = message.InvocationResponse;
                if (_invocations.TryRemove(response.InvocationId, out var pending)) pending.TrySetResult(response);
                break;
            case StreamingMessage.ContentOneofCase.RpcLog:
                logs.Write(message.RpcLog);
                break;
            default:
                if (_requests.TryRemove(message.RequestId, out var reply)) reply.TrySetResult(message);
                break;
        }
    }

    private async ValueTask SendSlowlyAsync(StreamingMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await _outbound.Writer.WriteAsync(message, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw Lost();
        }
    }

    private async Task SendCancelSlowlyAsync(StreamingMessage message)
    {
        try
        {
            await _outbound.Writer.WriteAsync(message, Closed);
        }
        catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
        {
            // The worker is gone, and with it the call that was to be cancelled.
        }
    }

    private async Task<T> WaitAsync<T>(Task<T> reply, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Closed);
        try
        {
            return await reply.WaitAsync(linked.Token);
        }
        catch (OperationCanceledException) when (Closed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Lost();
        }
    }

    private void FailInvocations()
    {
        foreach (var (id, pending) in _invocations)
        {
            if (!_invocations.TryRemove(id, out _)) continue;
            pending.TrySetException(Lost());

            // Observed here: the caller may have left already.
            _ = pending.Task.Exception;
        }
    }

    private static WorkerLostException Lost() => new("The worker process ended before it answered.");
}
