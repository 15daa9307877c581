using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;

namespace Serverless.Gateway.Forwarding;

/// <summary>
/// Has a request answered by the worker. One that is lost before the first byte of its answer is sent once more, if its body is kept: that
/// is safe, since inference changes nothing, and no more than once, lest a request that kills its replica kills them all.
/// </summary>
internal sealed partial class WorkerForwarder(
    PlainSender sender, ReplayMetrics metrics, IOptions<ForwardingOptions> options, ILogger<WorkerForwarder> logger)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly long _maxBodyBytes = options.Value.MaxBodyBytes;
    private readonly int _replayBytes = options.Value.ReplayBytes;

    /// <summary>Forwards <paramref name="context"/>.</summary>
    /// <exception cref="InferenceException">Nothing was answered yet, and the error says why.</exception>
    public async Task ForwardAsync(HttpContext context)
    {
        LimitBody(context);
        using var body = await KeptBody.ReadAsync(context.Request, _replayBytes);
        var loss = await SendAsync(context, body);
        if (loss is not null && body.IsWhole)
        {
            LogReplay(context.Request.Path, loss.Reason, loss.Cause);
            metrics.Add(loss.Reason);
            loss = await SendAsync(context, body);
        }

        if (loss is null)
            return;
        LogLost(context.Request.Path, loss.Reason, loss.Cause);
        throw new InferenceException(
            new InferenceError(ErrorKind.WorkerUnreachable, body.IsWhole ? Lost : Unrepeatable(_replayBytes), RetryAfter: Soon), loss.Cause);
    }

    private const string Lost = "The worker could not be reached, or was lost before it answered.";

    private static string Unrepeatable(int limit) =>
        $"{Lost} A request with more than {limit} bytes is not kept to be sent to another one; send it again.";

    private async Task<Loss?> SendAsync(HttpContext context, KeptBody body)
    {
        var whole = context.Request.Body;
        context.Request.Body = body.Open();
        try
        {
            var loss = await sender.SendAsync(context);
            if (loss is not null)
                context.Response.Clear();
            return loss;
        }
        finally
        {
            context.Request.Body = whole;
        }
    }

    private void LimitBody(HttpContext context)
    {
        // LimitedBody counts instead: Kestrel would not let the rest be read.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        context.Request.Body = new LimitedBody(context.Request.Body, _maxBodyBytes);
        if (context.Request.ContentLength > _maxBodyBytes)
            throw new InferenceException(LimitedBody.TooLarge(_maxBodyBytes));
    }

    [LoggerMessage(1, LogLevel.Warning, "A request to {Path} was lost ({Reason}); it is sent again")]
    private partial void LogReplay(PathString path, string reason, Exception? exception);

    [LoggerMessage(2, LogLevel.Warning, "A request to {Path} was lost ({Reason})")]
    private partial void LogLost(PathString path, string reason, Exception? exception);
}
