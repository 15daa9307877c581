using Serverless.Contracts.Errors;
using Serverless.Gateway.Http;

namespace Serverless.Gateway.Forwarding;

/// <summary>
/// A request's body that fails beyond a limit, and can then still be read to its end. Kestrel's own limit cannot be lifted again once it
/// was met, and what is left unread turns our 413 into the host's 502: proxies send the whole body before they look for an answer.
/// </summary>
internal sealed class LimitedBody(Stream inner, long limit) : ReadOnlyStream
{
    private long _read;

    public static InferenceError TooLarge(long limit) =>
        new(ErrorKind.PayloadTooLarge, $"The request's body is larger than the limit of {limit} bytes.");

    /// <summary>The error, if it is what <paramref name="exception"/> came from.</summary>
    public static InferenceError? TooLargeIn(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is InferenceException { Error: { Kind: ErrorKind.PayloadTooLarge } error })
                return error;
        }

        return null;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        _read += read;
        return _read <= limit ? read : throw new InferenceException(TooLarge(limit));
    }

    /// <summary>Reads and drops what is left. Kestrel ends it when the client is slower than 240 bytes a second.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[64 << 10];
        while (await inner.ReadAsync(buffer, cancellationToken) > 0)
        {
        }
    }
}
