using System.Buffers;
using System.IO.Compression;

namespace Serverless.Worker.Http;

/// <summary>
/// An answer's bytes. What fits one block leaves whole, with its length; what does not leaves in pieces, at the client's pace, so that a
/// large answer is never in memory twice. Compressed where the client takes that and it can gain anything.
/// </summary>
internal sealed class Answer(HttpContext context, CancellationToken cancellation) : IBufferWriter<byte>, IDisposable
{
    private const int FirstBlock = 4096;
    private const int PieceBytes = 64 * 1024;

    private byte[] _block = ArrayPool<byte>.Shared.Rent(FirstBlock);
    private int _length;
    private Stream? _encoder;
    private bool _started;

    /// <summary>Bytes that have not left.</summary>
    public int Pending => _length;

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _block.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _block.AsSpan(_length);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        _length += bytes.Length;
    }

    /// <summary>Says how many bytes the whole answer will have, before any of it has left.</summary>
    public void Announce(long length)
    {
        Start(length);
        if (_encoder is null)
            context.Response.ContentLength = length;
    }

    /// <summary>Lets go of what is written once there is enough of it.</summary>
    public ValueTask FlushIfLargeAsync() => _length < PieceBytes ? ValueTask.CompletedTask : FlushAsync();

    /// <summary>Sends the rest.</summary>
    public async ValueTask CompleteAsync()
    {
        if (!_started)
            Announce(_length);
        await FlushAsync();
        if (_encoder is not null)
            await _encoder.DisposeAsync();
    }

    public void Dispose()
    {
        // Not flushed: after a failure the rest must not leave.
        ArrayPool<byte>.Shared.Return(_block);
        _block = [];
    }

    private async ValueTask FlushAsync()
    {
        if (!_started)
            Start(long.MaxValue);
        var piece = _block.AsMemory(0, _length);
        _length = 0;
        if (_encoder is null)
            await context.Response.BodyWriter.WriteAsync(piece, cancellation);
        else
            await _encoder.WriteAsync(piece, cancellation);
    }

    private void Start(long length)
    {
        _started = true;
        if (AnswerEncoding.Choose(context.Request, length) is not { } encoding)
            return;
        var headers = context.Response.Headers;
        headers.ContentEncoding = encoding;
        headers.Append("Vary", "Accept-Encoding");
        _encoder = encoding == AnswerEncoding.Gzip
            ? new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true)
            : new ZLibStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
    }

    private void Reserve(int size)
    {
        size = Math.Max(size, 1);
        if (_block.Length - _length >= size)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + size, _block.Length * 2));
        _block.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_block);
        _block = larger;
    }
}
