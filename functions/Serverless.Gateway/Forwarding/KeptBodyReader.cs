using Serverless.Gateway.Http;

namespace Serverless.Gateway.Forwarding;

/// <summary>One reading of a <see cref="KeptBody"/>.</summary>
internal sealed class KeptBodyReader(KeptBody body, int number) : ReadOnlyStream
{
    private long _position;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(number, _position, buffer, cancellationToken);
        _position += read;
        return read;
    }
}
