using System.Net;
using System.Text;

namespace Serverless.Worker.Tests.Draining;

/// <summary>A JSON body whose last byte is sent when the test says so: until then its request is at hand, and cannot be answered.</summary>
internal sealed class GatedContent : HttpContent
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _body;

    public GatedContent(string json)
    {
        _body = Encoding.UTF8.GetBytes(json);
        Headers.ContentType = new("application/json");
    }

    public void Open() => _gate.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(_body.AsMemory(0, _body.Length - 1));
        await stream.FlushAsync();
        await _gate.Task;
        await stream.WriteAsync(_body.AsMemory(_body.Length - 1));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
