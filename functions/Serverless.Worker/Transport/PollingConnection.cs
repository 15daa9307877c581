using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Serverless.Worker.Transport;

/// <summary>
/// One connection. Its loop's thread alone reads from the socket; whoever writes sends, except on that thread, which sends when it has read
/// everything.
/// </summary>
internal sealed class PollingConnection : DefaultConnectionContext, IMemoryPoolFeature, IShortReads, IDuplexPipe
{
    // What a request of a small model takes, head and body, and a block of the pool.
    private const int BlockBytes = 4096;

    // What one connection may bring before the others have their turn: 64 KiB, which takes 25 µs.
    private const int MostReads = 16;

    // As Kestrel's own transport: what a client may send before anybody reads it.
    private const int MaxUnread = 1 << 20;

    private readonly Lock _gate = new();
    private readonly Socket _socket;
    private readonly PollingLoop _loop;
    private readonly Pipe _input;
    private readonly ConnectionOutput _output;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _longRequests;
    private bool _isShort;
    private volatile bool _isPaused;
    private bool _isReadToEnd;
    private bool _isEnding;
    private bool _hasEnded;
    private Exception? _abort;

    public PollingConnection(Socket socket, PollingLoop loop, MemoryPool<byte> pool)
    {
        (_socket, _loop, MemoryPool) = (socket, loop, pool);
        Descriptor = (int)socket.SafeHandle.DangerousGetHandle();
        _input = new Pipe(new PipeOptions(
            pool, new ReadScheduler(this), PipeScheduler.ThreadPool, MaxUnread, MaxUnread / 2, BlockBytes, useSynchronizationContext: false));
        _output = new ConnectionOutput(this, _gate);
        Transport = this;
        ConnectionClosed = _closed.Token;
        (LocalEndPoint, RemoteEndPoint) = (socket.LocalEndPoint, socket.RemoteEndPoint);
        Features.Set<IMemoryPoolFeature>(this);
        Features.Set<IShortReads>(this);
    }

    public int Descriptor { get; }

    public MemoryPool<byte> MemoryPool { get; }

    public PipeReader Input => _input.Reader;

    public PipeWriter Output => _output;

    /// <summary>Whether this thread sends when it has read everything, and not at once.</summary>
    public bool MayDefer => PollingLoop.Current == _loop;

    public void BeginLong() => Interlocked.Increment(ref _longRequests);

    public void EndLong() => Interlocked.Decrement(ref _longRequests);

    /// <summary>Takes what is ready; on the loop's thread.</summary>
    public void OnReady(uint events)
    {
        if ((events & Kernel.Writable) != 0)
            _output.OnWritable();
        if (Volatile.Read(ref _isEnding))
            End();
        else if (_isReadToEnd)
            return;
        else if (!_isPaused)
            Receive(isLast: (events & (Kernel.PeerLeft | Kernel.HungUp | Kernel.Failed)) != 0);
        else if ((events & (Kernel.HungUp | Kernel.Failed)) != 0)
            Close(null);
    }

    /// <summary>Has the loop's thread send, once.</summary>
    public void Defer() => _loop.SendLater(this);

    public void SendDeferred() => _output.SendDeferred();

    /// <summary>Sends as much as the socket takes; under the gate.</summary>
    /// <returns>How much; negative when the connection is no more.</returns>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        if (_hasEnded)
            return -1;
        var sent = Kernel.Send(Descriptor, bytes);
        return sent == -Kernel.TryAgain ? 0 : sent;
    }

    public override void Abort(ConnectionAbortedException abortReason) => BeginEnd(abortReason);

    public override async ValueTask DisposeAsync()
    {
        await _input.Reader.CompleteAsync();
        await _output.DrainAsync();
        BeginEnd(null);
        await _ended.Task;
        await base.DisposeAsync();
    }

    // The descriptor is closed by its loop alone, when the kernel tells it that both directions are shut: no other thread's number of a
    // descriptor can be of another connection meanwhile.
    private void BeginEnd(Exception? abort)
    {
        lock (_gate)
        {
            if (_isEnding || _hasEnded)
                return;
            (_isEnding, _abort) = (true, abort);
            try
            {
                // Without it what is left would still be sent, and the client take half an answer for a slow one.
                if (abort is not null)
                    _socket.LingerState = new LingerOption(enable: true, seconds: 0);
                _socket.Shutdown(SocketShutdown.Both);
            }
            catch (SocketException)
            {
                // The peer was faster: the loop has been told, or is now.
            }
        }

        _loop.Rearm(Descriptor);
    }

    private void End()
    {
        lock (_gate)
        {
            if (_hasEnded)
                return;
            _hasEnded = true;
            _loop.Forget(this);
            _socket.Dispose();
        }

        _output.End();
        Close(_abort);
        _ended.TrySetResult();
    }

    private void Receive(bool isLast)
    {
        for (var reads = 0; reads < MostReads; reads++)
        {
            var block = _input.Writer.GetMemory(BlockBytes / 2);
            var count = Kernel.Receive(Descriptor, block.Span);
            if (count <= 0)
            {
                if (count != -Kernel.TryAgain)
                    Close(count == 0 ? null : new ConnectionResetException("The connection was reset."));
                return;
            }

            _input.Writer.Advance(count);
            // A whole small request came with one read. More may still come of a larger one, whose reader may take its time over it.
            _isShort = count < block.Length;
            if (!Flush() || (count < block.Length && !isLast))
                return;
        }

        _loop.Rearm(Descriptor);
    }

    /// <returns>Whether more may be read now.</returns>
    private bool Flush()
    {
        var flush = _input.Writer.FlushAsync();
        if (flush.IsCompleted)
            return !flush.GetAwaiter().GetResult().IsCompleted && !Volatile.Read(ref _isEnding);
        _isPaused = true;
        _ = ResumeAsync(flush);
        return false;
    }

    private async Task ResumeAsync(ValueTask<FlushResult> flush)
    {
        if ((await flush).IsCompleted)
            return;
        _isPaused = false;
        _loop.Rearm(Descriptor);
    }

    /// <summary>Nothing more will be read.</summary>
    private void Close(Exception? error)
    {
        if (_isReadToEnd)
            return;
        _isReadToEnd = true;
        _input.Writer.Complete(error);
        // Whoever hears of it may take his time.
        ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), _closed, preferLocal: false);
    }

    /// <summary>Runs the reader of a short request where it was read, and any other on the thread pool.</summary>
    private sealed class ReadScheduler(PollingConnection connection) : PipeScheduler
    {
        public override void Schedule(Action<object?> action, object? state)
        {
            if (connection._isShort && Volatile.Read(ref connection._longRequests) == 0 && PollingLoop.Current is not null)
                action(state);
            else
                System.Threading.ThreadPool.UnsafeQueueUserWorkItem(action, state, preferLocal: false);
        }
    }
}
