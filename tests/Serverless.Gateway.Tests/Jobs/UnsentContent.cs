using System.Net;
using System.Net.Http.Headers;

namespace Serverless.Gateway.Tests.Jobs;

/// <summary>A form of a length that nobody has to send: the server is to refuse it by its head.</summary>
internal sealed class UnsentContent : HttpContent
{
    private readonly long _length;

    public UnsentContent(long length)
    {
        _length = length;
        Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        throw new InvalidOperationException("The body was asked for.");
}
