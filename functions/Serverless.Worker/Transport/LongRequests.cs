namespace Serverless.Worker.Transport;

/// <summary>
/// Takes every request off the thread that read it but the inference of a small body: that thread serves other connections too, and only
/// what is over in microseconds may run on it.
/// </summary>
internal sealed class LongRequests(RequestDelegate next)
{
    // A body that one read may have brought whole; more of it comes on the thread that reads on.
    private const int ShortBytes = 4096;

    public Task InvokeAsync(HttpContext context) =>
        IsShort(context.Request) ? next(context) : MoveAsync(context);

    private static bool IsShort(HttpRequest request) =>
        request.ContentLength <= ShortBytes
        && HttpMethods.IsPost(request.Method)
        && request.Path.Value!.EndsWith("/infer", StringComparison.Ordinal)
        && request.Headers.ContentEncoding.Count == 0;

    private async Task MoveAsync(HttpContext context)
    {
        var reads = context.Features.Get<IShortReads>();
        reads?.BeginLong();
        try
        {
            await ThreadPoolTurn.Take();
            await next(context);
        }
        finally
        {
            reads?.EndLong();
        }
    }
}
