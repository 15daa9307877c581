namespace Serverless.FunctionsHost.Http;

/// <summary>Answers that the host gives itself, in plain text; a function's own never pass here.</summary>
internal static class HttpAnswer
{
    public const string WorkerLost = "The worker process ended while it ran this request.";
    public const string NoWorker = "No worker is ready: it is being restarted. Try again.";
    public const string Unanswered = "The function did not answer.";
    public const string TooSlow = "The request body came too slowly.";
    public const string Unreadable = "The request body is not what its headers say.";

    public static string TooLarge(long limit) => $"The request body is larger than {limit} bytes ({Settings.HostSettings.BodyLimitName}).";

    public static Task WriteAsync(HttpContext context, int status, string text)
    {
        if (context.Response.HasStarted)
        {
            // A status can no longer be sent: a broken connection is the only way left to say that the answer is not whole.
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.StatusCode = status;
        context.Response.ContentLength = null;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
