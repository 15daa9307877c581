using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Serverless.Contracts.Errors;

namespace Serverless.Gateway.Forwarding;

/// <summary>
/// A request's body, of which the beginning is kept in pooled memory: a body that is kept whole can be sent to a second replica. What lies
/// beyond stays unread until it is sent.
/// </summary>
internal sealed class KeptBody : IDisposable
{
    // What is rented grows with what has come, not with what was announced.
    private const int FirstBytes = 64 << 10;
    private const int Growth = 4;

    /// <summary>What a client is told that stops sending.</summary>
    public static readonly InferenceError BrokenOff = new(ErrorKind.InvalidRequest, "The request's body ended before it was complete.");

    private readonly Lock _lock = new();
    private readonly Stream _rest;
    private byte[] _kept = [];
    private int _length;
    private int _reader;
    private bool _restWasRead;

    private KeptBody(Stream rest) => _rest = rest;

    /// <summary>Whether nothing lies beyond what is kept.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Whether all of it can be sent: it is kept whole, or nothing of what lies beyond was read.</summary>
    public bool CanBeSent => IsWhole || !_restWasRead;

    /// <summary>What is kept; valid until this is disposed of.</summary>
    public ReadOnlySpan<byte> Kept => _kept.AsSpan(0, _length);

    /// <summary>Reads a body that has at most <paramref name="limit"/> bytes, or the first that many of one that does not say its length.</summary>
    /// <exception cref="InferenceException">The body is too large, or the client broke off.</exception>
    public static async ValueTask<KeptBody> ReadAsync(HttpRequest request, int limit)
    {
        var body = new KeptBody(request.Body);
        if (request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            body.IsWhole = true;
        else if (limit > 0 && !(request.ContentLength > limit))
            await body.FillAsync(request, limit);
        return body;
    }

    /// <summary>The body from its beginning. What was opened before ends: a sender that was given up may still be reading.</summary>
    public Stream Open()
    {
        lock (_lock)
            return new KeptBodyReader(this, ++_reader);
    }

    public void Dispose()
    {
        byte[] kept;
        lock (_lock)
        {
            _reader++;
            (kept, _kept, _length) = (_kept, [], 0);
        }

        if (kept.Length > 0)
            ArrayPool<byte>.Shared.Return(kept);
    }

    /// <summary>Reads for one reader: from what is kept and then from the rest.</summary>
    internal ValueTask<int> ReadAsync(int reader, long position, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(reader != _reader, this);
            if (position < _length)
            {
                var count = Math.Min(buffer.Length, _length - (int)position);
                _kept.AsSpan((int)position, count).CopyTo(buffer.Span);
                return ValueTask.FromResult(count);
            }

            if (IsWhole)
                return ValueTask.FromResult(0);
            _restWasRead = true;
        }

        return _rest.ReadAsync(buffer, cancellationToken);
    }

    private async Task FillAsync(HttpRequest request, int limit)
    {
        var known = (int?)request.ContentLength;
        // One byte more than is kept shows whether there are more.
        var most = known ?? limit + 1;
        try
        {
            while (_length < most)
            {
                if (_length == _kept.Length)
                    Grow(Math.Min(Math.Max(_length * Growth, FirstBytes), most));
                var read = await _rest.ReadAsync(_kept.AsMemory(_length, Math.Min(_kept.Length, most) - _length), request.HttpContext.RequestAborted);
                if (read == 0)
                    break;
                _length += read;
            }

            IsWhole = known is not null || _length <= limit;
        }
        catch (Exception exception)
        {
            Dispose();
            if (exception is not (IOException or BadHttpRequestException))
                throw;
            throw new InferenceException(BrokenOff, exception);
        }
    }

    private void Grow(int bytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent(bytes);
        Kept.CopyTo(larger);
        if (_kept.Length > 0)
            ArrayPool<byte>.Shared.Return(_kept);
        _kept = larger;
    }
}
