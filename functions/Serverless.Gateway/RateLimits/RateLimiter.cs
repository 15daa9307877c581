using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Errors;

namespace Serverless.Gateway.RateLimits;

/// <summary>Holds tenants to their requests per minute, each gateway for itself.</summary>
internal sealed class RateLimiter(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, RequestBucket> _buckets = new(StringComparer.Ordinal);

    /// <summary>Counts a request, and has its answer say how its tenant stands.</summary>
    /// <param name="context">The request.</param>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="perMinute">The tenant's limit; 0 for none.</param>
    /// <exception cref="InferenceException"><see cref="ErrorKind.Overloaded"/>: it is one too many.</exception>
    public void Admit(HttpContext context, string tenant, int perMinute)
    {
        if (perMinute == 0)
            return;
        var quota = _buckets.GetOrAdd(tenant, static (_, time) => new RequestBucket(time), time).Take(perMinute);

        // When the answer starts, because one that is sent to a second replica begins anew.
        context.Response.OnStarting(() =>
        {
            quota.WriteTo(context.Response.Headers);
            return Task.CompletedTask;
        });
        if (!quota.IsAdmitted)
        {
            throw new InferenceException(new InferenceError(
                ErrorKind.Overloaded,
                $"The limit of {quota.Limit} requests per minute for '{tenant}' is reached; the next one is free in {quota.Next.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s.",
                RetryAfter: quota.Next));
        }
    }
}
