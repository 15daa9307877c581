using Serverless.Contracts.Errors;
using Serverless.Gateway.Forwarding;

namespace Serverless.Gateway.Holding;

/// <summary>Lets requests through while a replica answers, and holds them, within bounds, until one was woken.</summary>
internal sealed class HoldingGate(ReplicaState state, ModelGate models, HeldRequests held, WakeUp wakeUp, Patience patience)
{
    /// <summary>Completes when <paramref name="request"/> may be sent.</summary>
    /// <exception cref="InferenceException">It may not: its model does not exist, too many wait, or it waited for too long.</exception>
    public ValueTask PassAsync(ForwardedRequest request) => state.IsWarm ? ValueTask.CompletedTask : new(HoldAsync(request));

    private async Task HoldAsync(ForwardedRequest request)
    {
        var left = request.Context.RequestAborted;
        if (request.Model is { } model)
            await models.CheckAsync(model, left);
        using var place = held.Enter(request.Model?.Name ?? "", request.Tenant);
        try
        {
            request.Woken = await request.WhileAsync(wakeUp.WaitAsync(patience.LeftFor(request), left));
            place.Outcome = HoldingMetrics.Released;
            request.Held = (request.Held ?? TimeSpan.Zero) + place.Waited;
        }
        catch (TimeoutException exception)
        {
            place.Outcome = HoldingMetrics.TimedOut;
            throw patience.TooLate(request, exception);
        }
    }
}
