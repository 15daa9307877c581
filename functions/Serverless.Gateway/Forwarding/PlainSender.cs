using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Holding;
using Yarp.ReverseProxy.Forwarder;

namespace Serverless.Gateway.Forwarding;

/// <summary>Sends a request to the worker and streams its answer back, unbuffered both ways.</summary>
internal sealed class PlainSender(
    IHttpForwarder forwarder, WorkerTransformer transformer, WorkerClient worker, ReplicaState state, Patience patience,
    IOptions<ForwardingOptions> options)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly ForwarderRequestConfig _config = new() { ActivityTimeout = options.Value.ActivityTimeout };

    /// <summary>Sends <paramref name="request"/> once. Null when it was answered, or when the client left.</summary>
    /// <exception cref="InferenceException">Nothing was answered, and another replica would not help.</exception>
    public async Task<Loss?> SendAsync(ForwardedRequest request)
    {
        var context = request.Context;
        using var limit = patience.Begin(request);
        var answer = new AnswerTransformer(transformer, request, state, limit);
        var failure = await forwarder.SendAsync(context, worker.BaseUrl, worker.Invoker, _config, answer, limit.Token);
        if (answer.Loss is not null)
            return answer.Loss;

        // After the first byte YARP has reset the connection already: the client sees a broken answer, never a short one.
        if (failure == ForwarderError.None || context.RequestAborted.IsCancellationRequested)
            return null;
        if (context.Response.HasStarted)
        {
            state.Lost();
            return null;
        }

        var cause = context.GetForwarderErrorFeature()?.Exception;
        if (limit.IsCancellationRequested)
            throw patience.TooLate(request, cause);
        return failure switch
        {
            ForwarderError.RequestCreation when cause is InferenceException error => throw error,
            _ when LimitedBody.TooLargeIn(cause) is { } error => throw new InferenceException(error, cause),
            ForwarderError.RequestBodyClient => throw new InferenceException(KeptBody.BrokenOff, cause),
            ForwarderError.RequestTimedOut => throw new InferenceException(
                new InferenceError(ErrorKind.DeadlineExceeded, "The worker did not answer in time.", RetryAfter: Soon), cause),
            _ => Loss.Of(cause),
        };
    }
}
