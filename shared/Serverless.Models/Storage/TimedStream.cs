namespace Serverless.Models.Storage;

/// <summary>Reads another stream and adds up how long the reads took.</summary>
internal sealed class TimedStream(Stream inner, TimeProvider time) : Stream
{
    public TimeSpan Waited { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var started = time.GetTimestamp();
        var read = inner.Read(buffer, offset, count);
        Waited += time.GetElapsedTime(started);
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var started = time.GetTimestamp();
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Waited += time.GetElapsedTime(started);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
