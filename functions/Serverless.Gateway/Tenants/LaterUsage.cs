using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Http;
using Serverless.Gateway.RateLimits;

namespace Serverless.Gateway.Tenants;

/// <summary>
/// What requests are charged that are answered later: estimates. Their answers go past the gateway, so nothing corrects them.
/// </summary>
internal sealed class LaterUsage(LimitBook tenants, RateLimiter limits)
{
    /// <summary>Charges a request that came over HTTP, and has its answer say how its tenant stands.</summary>
    /// <exception cref="InferenceException"><see cref="ErrorKind.Overloaded"/>: that much is not free.</exception>
    public async ValueTask ChargeAsync(HttpContext context, string tenant, string path, ReadOnlyMemory<byte> body)
    {
        var route = RouteTable.Find(path);
        if (route.Charged is { } unit && (await tenants.OfAsync(tenant)).PerMinute(unit) is > 0 and var perMinute)
            limits.Charge(context, tenant, unit, UsageEstimate.Of(route, body.Span), perMinute);
    }

    /// <summary>Charges a request that came through a queue, if it is free; otherwise says after how long it will be.</summary>
    public async ValueTask<TimeSpan?> TryChargeAsync(string tenant, string id, InferenceMessage message)
    {
        var held = await tenants.OfAsync(tenant);
        var request = limits.Take(tenant, RateUnit.Requests, 1, held.RequestsPerMinute);
        if (request is { Quota.IsAdmitted: false })
            return request.Quota.Next;
        if (Take(tenant, id, message, held) is not { Quota.IsAdmitted: false } usage)
            return null;
        request?.Settle(0);
        return usage.Quota.Next;
    }

    private RateCharge? Take(string tenant, string id, InferenceMessage message, TenantLimits held)
    {
        if (held is { TokensPerMinute: 0, RowsPerMinute: 0 })
            return null;
        try
        {
            var request = QueuedRequest.From(id, message);
            var route = RouteTable.Find(request.Path);
            return route.Charged is { } unit
                ? limits.Take(tenant, unit, UsageEstimate.Of(route, request.Body.GetValueOrDefault().Span), held.PerMinute(unit))
                : null;
        }
        catch (InferenceException)
        {
            // What is wrong with it is the worker's to say, and an error costs nothing.
            return null;
        }
    }
}
