namespace Serverless.ContainerHost.Ingress;

/// <summary>What the ingress says itself, when no replica does.</summary>
internal static class IngressAnswer
{
    public static Task TooManyHeldAsync(HttpContext context, int limit) =>
        WriteAsync(context, StatusCodes.Status503ServiceUnavailable, $"No replica is ready and {limit} requests wait for one already.");

    public static Task StoppingAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "The ingress is stopping.");

    public static Task TimedOutAsync(HttpContext context) => WriteAsync(
        context, StatusCodes.Status504GatewayTimeout, $"There was no answer within {ResponseDeadline.Limit.TotalSeconds:0} s.");

    public static Task ReplicaLostAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status502BadGateway, "The replica was lost before it answered.");

    private static Task WriteAsync(HttpContext context, int status, string text)
    {
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            return Task.CompletedTask;
        context.Response.Clear();
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
