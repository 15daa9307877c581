using Serverless.Contracts.Errors;
using Serverless.Contracts.Http;
using Serverless.Gateway.RateLimits;
using Serverless.Gateway.Tenants;

namespace Serverless.Gateway.Forwarding;

/// <summary>
/// Charges a request for what it is expected to take, delivers it, and has the worker say what it took. One that ends in an error costs
/// nothing; one whose caller left, or whose stream broke off, costs what was expected.
/// </summary>
internal sealed class ChargedDelivery(Delivery delivery, LimitBook tenants, RateLimiter limits)
{
    /// <summary>Completes when <paramref name="request"/> was answered, or its client left.</summary>
    /// <exception cref="InferenceException">It was not answered, and the error says why.</exception>
    public async Task DeliverAsync(ForwardedRequest request)
    {
        if (request.Charged is { } unit)
            await ChargeAsync(request, unit);
        try
        {
            await delivery.DeliverAsync(request);
        }
        catch (InferenceException)
        {
            request.Charge?.Settle(0);
            throw;
        }
    }

    private async ValueTask ChargeAsync(ForwardedRequest request, RateUnit unit)
    {
        var perMinute = (await tenants.OfAsync(request.Tenant)).PerMinute(unit);
        if (perMinute == 0)
            return;
        request.Charge = limits.Charge(request.Context, request.Tenant, unit, request.Estimate, perMinute);
        request.Context.Request.Headers[InferenceHeaders.Usage] = InferenceHeaders.Include;
    }
}
