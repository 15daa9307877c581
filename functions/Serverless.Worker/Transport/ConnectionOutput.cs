using System.Buffers;
using System.IO.Pipelines;

namespace Serverless.Worker.Transport;

/// <summary>
/// What a connection has to send, in one piece of memory, which it has only as long as there is something. One thread at a time writes; the
/// loop's may send meanwhile, under the gate.
/// </summary>
internal sealed class ConnectionOutput(PollingConnection connection, Lock gate) : PipeWriter
{
    private const int FirstBytes = 4096;

    // Above this it leaves at once: more than one answer of a small model, and what a socket's buffer has room for.
    private const int MostDeferred = 16 << 10;

    // Larger writes leave in such pieces, so that no answer is in memory twice.
    private const int PieceBytes = 64 << 10;

    private byte[] _buffer = [];
    private int _sent;
    private int _flushed;
    private int _written;
    private bool _isLent;
    private bool _isDeferred;
    private bool _isBroken;
    private TaskCompletionSource<FlushResult>? _waiting;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _written - _flushed;

    private FlushResult Result => new(isCanceled: false, isCompleted: _isBroken);

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_written);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_written);
    }

    public override void Advance(int bytes)
    {
        lock (gate)
        {
            _isLent = false;
            _written += bytes;
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            _flushed = _written;
            if (_waiting is null && connection.MayDefer && _flushed - _sent <= MostDeferred)
            {
                if (!_isDeferred && _flushed > _sent)
                {
                    _isDeferred = true;
                    connection.Defer();
                }

                return new ValueTask<FlushResult>(Result);
            }

            return SendAllAsync();
        }
    }

    public override void CancelPendingFlush()
    {
        lock (gate)
            Wake(new FlushResult(isCanceled: true, isCompleted: _isBroken));
    }

    public override void Complete(Exception? exception = null)
    {
        lock (gate)
        {
            _flushed = _written;
            Send();
        }
    }

    /// <summary>Sends what was put off; on the loop's thread.</summary>
    public void SendDeferred()
    {
        lock (gate)
        {
            _isDeferred = false;
            Send();
        }
    }

    /// <summary>Goes on where the socket took no more; on the loop's thread.</summary>
    public void OnWritable()
    {
        lock (gate)
        {
            if (_sent < _flushed && !_isDeferred)
                Send();
            if (_sent == _flushed)
                Wake(Result);
        }
    }

    /// <summary>Sends at once; completes when everything has left, or cannot.</summary>
    public async ValueTask DrainAsync()
    {
        ValueTask<FlushResult> sent;
        lock (gate)
        {
            _flushed = _written;
            sent = SendAllAsync();
        }

        await sent;
    }

    /// <summary>Lets go of what can no longer be sent.</summary>
    public void End()
    {
        lock (gate)
        {
            _isBroken = true;
            Send();
            Wake(Result);
        }
    }

    private ValueTask<FlushResult> SendAllAsync()
    {
        Send();
        if (_sent == _flushed)
            return new ValueTask<FlushResult>(Result);
        _waiting ??= new TaskCompletionSource<FlushResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        return new ValueTask<FlushResult>(_waiting.Task);
    }

    private void Send()
    {
        while (_sent < _flushed && !_isBroken)
        {
            var count = connection.Send(_buffer.AsSpan(_sent, _flushed - _sent));
            if (count == 0)
                return;
            if (count < 0)
                _isBroken = true;
            else
                _sent += count;
        }

        if (_isBroken)
            _sent = _flushed;
        if (_sent == _written && !_isLent)
            Return();
    }

    private void Reserve(int size)
    {
        lock (gate)
        {
            size = Math.Max(size, 1);
            if (_written - _flushed >= PieceBytes)
            {
                _flushed = _written;
                Send();
            }

            _isLent = true;
            if (_sent == _written)
                (_sent, _flushed, _written) = (0, 0, 0);
            if (_buffer.Length - _written < size)
                Grow(size);
        }
    }

    private void Grow(int size)
    {
        var left = _written - _sent;
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBytes, Math.Max(left + size, 2 * left)));
        _buffer.AsSpan(_sent, left).CopyTo(buffer);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _flushed, _written, _sent) = (buffer, _flushed - _sent, left, 0);
    }

    private void Return()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _sent, _flushed, _written) = ([], 0, 0, 0);
    }

    private void Wake(FlushResult result)
    {
        _waiting?.TrySetResult(result);
        _waiting = null;
    }
}
