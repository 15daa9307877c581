using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Yarp.ReverseProxy.Forwarder;

namespace Serverless.Gateway.Forwarding;

/// <summary>Streams a request to the worker and its answer back, unbuffered both ways.</summary>
internal sealed partial class WorkerForwarder(
    IHttpForwarder forwarder, WorkerClient worker, IOptions<ForwardingOptions> options, ILogger<WorkerForwarder> logger)
{
    private readonly long _maxBodyBytes = options.Value.MaxBodyBytes;
    private readonly ForwarderRequestConfig _config = new() { ActivityTimeout = options.Value.ActivityTimeout };

    /// <summary>Forwards <paramref name="context"/>.</summary>
    /// <exception cref="InferenceException">Nothing was answered yet, and the error says why.</exception>
    public async Task ForwardAsync(HttpContext context)
    {
        LimitBody(context);
        var failure = await forwarder.SendAsync(context, worker.BaseUrl, worker.Invoker, _config, WorkerTransformer.Instance);
        if (failure == ForwarderError.None)
            return;

        var exception = context.GetForwarderErrorFeature()?.Exception;
        if (context.RequestAborted.IsCancellationRequested)
            return;
        LogFailure(failure, context.Request.Path, exception);

        // After the first byte YARP has reset the connection already: the client sees a broken answer, never a short one.
        if (!context.Response.HasStarted)
            throw new InferenceException(ErrorOf(failure, exception), exception);
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

    private static InferenceError ErrorOf(ForwarderError failure, Exception? exception) => failure switch
    {
        _ when TooLargeIn(exception) is { } error => error,
        ForwarderError.RequestBodyClient => new(ErrorKind.InvalidRequest, "The request's body ended before it was complete."),
        ForwarderError.RequestTimedOut => new(ErrorKind.DeadlineExceeded, "The worker did not answer in time.", RetryAfter: Soon),
        _ => new(ErrorKind.WorkerUnreachable, "The worker could not be reached, or was lost before it answered.", RetryAfter: Soon),
    };

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private static InferenceError? TooLargeIn(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is InferenceException { Error: { Kind: ErrorKind.PayloadTooLarge } error })
                return error;
        }

        return null;
    }

    [LoggerMessage(1, LogLevel.Warning, "Forwarding {Path} failed: {Failure}")]
    private partial void LogFailure(ForwarderError failure, PathString path, Exception? exception);
}
