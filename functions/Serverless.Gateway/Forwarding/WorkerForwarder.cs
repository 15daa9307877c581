using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Holding;
using Serverless.Gateway.Http;
using Serverless.Gateway.Prewarm;

namespace Serverless.Gateway.Forwarding;

/// <summary>Has a request answered by the worker: keeps what it needs of the body, and has it sent.</summary>
internal sealed class WorkerForwarder(
    ChargedDelivery delivery, ArrivalCounter arrivals, IOptions<ForwardingOptions> options, IOptions<HoldingOptions> holding, TimeProvider time)
{
    private readonly long _maxBodyBytes = options.Value.MaxBodyBytes;
    private readonly int _replayBytes = options.Value.ReplayBytes;
    private readonly TimeSpan _heartbeat = holding.Value.Heartbeat;

    /// <summary>Forwards <paramref name="context"/>, which matches <paramref name="route"/>.</summary>
    /// <exception cref="InferenceException">Nothing was answered yet, and the error says why.</exception>
    public async Task ForwardAsync(HttpContext context, Route route, Caller caller)
    {
        var arrived = time.GetTimestamp();
        LimitBody(context);
        using var body = await KeptBody.ReadAsync(context.Request, _replayBytes);
        ModelScope.Check(caller, route, context.Request.Path.Value ?? "", body.Kept, body.IsWhole);
        var request = new ForwardedRequest(context, route, caller.Name, arrived) { Body = body };
        arrivals.Add(request);
        if (request.AsksForStream)
            request.Events = new(context, _heartbeat, time);
        try
        {
            await delivery.DeliverAsync(request);
        }
        catch (InferenceException exception) when (request.Events is { HasBegun: true } events)
        {
            await events.FailAsync(exception.Error);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The client left.
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
}
