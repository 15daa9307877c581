using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Yarp.ReverseProxy.Forwarder;

namespace Serverless.Gateway.Forwarding;

/// <summary>Sends a request to the worker and streams its answer back, unbuffered both ways.</summary>
internal sealed class PlainSender(IHttpForwarder forwarder, WorkerClient worker, IOptions<ForwardingOptions> options)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly ForwarderRequestConfig _config = new() { ActivityTimeout = options.Value.ActivityTimeout };

    /// <summary>Sends <paramref name="context"/>'s request once. Null when it was answered, or when the client left.</summary>
    /// <exception cref="InferenceException">Nothing was answered, and another replica would not help.</exception>
    public async Task<Loss?> SendAsync(HttpContext context)
    {
        var answer = new AnswerTransformer();
        var failure = await forwarder.SendAsync(context, worker.BaseUrl, worker.Invoker, _config, answer);
        if (answer.Loss is not null)
            return answer.Loss;

        // After the first byte YARP has reset the connection already: the client sees a broken answer, never a short one.
        if (failure == ForwarderError.None || context.RequestAborted.IsCancellationRequested || context.Response.HasStarted)
            return null;
        var cause = context.GetForwarderErrorFeature()?.Exception;
        return failure switch
        {
            _ when TooLargeIn(cause) is { } error => throw new InferenceException(error, cause),
            ForwarderError.RequestBodyClient => throw new InferenceException(KeptBody.BrokenOff, cause),
            ForwarderError.RequestTimedOut => throw new InferenceException(
                new InferenceError(ErrorKind.DeadlineExceeded, "The worker did not answer in time.", RetryAfter: Soon), cause),
            _ => Loss.Of(cause),
        };
    }

    private static InferenceError? TooLargeIn(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is InferenceException { Error: { Kind: ErrorKind.PayloadTooLarge } error })
                return error;
        }

        return null;
    }
}
