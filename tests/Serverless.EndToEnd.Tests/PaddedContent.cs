using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Serverless.EndToEnd.Tests;

/// <summary>A body with white space of any length in it.</summary>
internal sealed class PaddedContent : HttpContent
{
    private readonly byte[] _head;
    private readonly byte[] _tail;
    private readonly long _padding;

    public PaddedContent(string head, long padding, string tail)
    {
        _head = Encoding.UTF8.GetBytes(head);
        _tail = Encoding.UTF8.GetBytes(tail);
        _padding = padding;
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var spaces = new byte[1 << 20];
        spaces.AsSpan().Fill((byte)' ');
        await stream.WriteAsync(_head);
        for (var left = _padding; left > 0; left -= spaces.Length)
            await stream.WriteAsync(spaces.AsMemory(0, (int)Math.Min(left, spaces.Length)));
        await stream.WriteAsync(_tail);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _head.Length + _padding + _tail.Length;
        return true;
    }
}
