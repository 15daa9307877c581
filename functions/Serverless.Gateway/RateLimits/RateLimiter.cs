using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Errors;

namespace Serverless.Gateway.RateLimits;

/// <summary>Holds tenants to what they may use per minute, each gateway for itself.</summary>
internal sealed class RateLimiter(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Tenant, RateUnit Unit), RateBucket> _buckets = new();

    /// <summary>Counts a request, and has its answer say how its tenant stands.</summary>
    /// <param name="context">The request.</param>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="perMinute">The tenant's limit; 0 for none.</param>
    /// <exception cref="InferenceException"><see cref="ErrorKind.Overloaded"/>: it is one too many.</exception>
    public void Admit(HttpContext context, string tenant, int perMinute) => Charge(context, tenant, RateUnit.Requests, 1, perMinute);

    /// <summary>Does what <see cref="Take"/> does, and has the request's answer say how its tenant stands.</summary>
    /// <exception cref="InferenceException"><see cref="ErrorKind.Overloaded"/>: that much is not free.</exception>
    public RateCharge? Charge(HttpContext context, string tenant, RateUnit unit, long estimate, int perMinute)
    {
        if (Take(tenant, unit, estimate, perMinute) is not { } charge)
            return null;

        // When the answer starts, because one that is sent to a second replica begins anew.
        context.Response.OnStarting(() =>
        {
            charge.Quota.WriteTo(context.Response.Headers, unit);
            return Task.CompletedTask;
        });
        var quota = charge.Quota;
        return quota.IsAdmitted ? charge : throw new InferenceException(new InferenceError(
            ErrorKind.Overloaded, MessageOf(tenant, unit, Math.Min(estimate, perMinute), quota), RetryAfter: quota.Next));
    }

    /// <summary>Charges what a request is expected to take, if that much is free; the charge's quota says so.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="unit">What it takes.</param>
    /// <param name="estimate">How much of it. More than the limit is charged as the limit: such a request waits for a full bucket, not for ever.</param>
    /// <param name="perMinute">The tenant's limit; 0 for none.</param>
    /// <returns>What to settle when it is known what the request took; null without a limit.</returns>
    public RateCharge? Take(string tenant, RateUnit unit, long estimate, int perMinute)
    {
        if (perMinute == 0)
            return null;
        var bucket = _buckets.GetOrAdd((tenant, unit), static (_, time) => new RateBucket(time), time);
        var amount = Math.Min(estimate, perMinute);
        return new RateCharge(bucket, amount, bucket.Take(amount, perMinute));
    }

    private static string MessageOf(string tenant, RateUnit unit, long amount, RateQuota quota)
    {
        var next = unit == RateUnit.Requests ? "the next one is free" : FormattableString.Invariant($"the {amount} that this request may take are free");
        return FormattableString.Invariant(
            $"The limit of {quota.Limit} {unit.NameOf()} per minute for '{tenant}' is reached; {next} in {quota.Next.TotalSeconds:0.0} s.");
    }
}
