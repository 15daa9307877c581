using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Trust;

namespace Serverless.Worker.Authentication;

/// <summary>
/// Holds tenants to the requests that they may have at hand here at a time, as their tokens say. A gateway could count its own alone; what
/// all of them send meets here.
/// </summary>
internal sealed class TenantRequests
{
    // One place is free as soon as one of them is answered, which for most models is sooner.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // As many as there are tenants with a limit: only what a gateway vouched for gets here.
    private readonly ConcurrentDictionary<string, StrongBox<int>> _running = new(StringComparer.Ordinal);

    /// <exception cref="InferenceException"><see cref="ErrorKind.Overloaded"/>: there are as many.</exception>
    public async Task RunAsync(HttpContext context, GatewayClaims claims, RequestDelegate next)
    {
        var running = _running.GetOrAdd(claims.Tenant ?? "", static _ => new StrongBox<int>());
        if (!TryEnter(ref running.Value, claims.MaxRequests))
        {
            throw new InferenceException(new InferenceError(
                ErrorKind.Overloaded,
                $"{claims.MaxRequests} requests of this tenant are at hand already, which is its limit at a time; send it again when one is answered.",
                RetryAfter: RetryAfter));
        }

        try
        {
            await next(context);
        }
        finally
        {
            Interlocked.Decrement(ref running.Value);
        }
    }

    // Not an increment that is taken back: another one would see it meanwhile and be refused a place that is free.
    private static bool TryEnter(ref int running, int most)
    {
        for (var seen = Volatile.Read(ref running); seen < most;)
        {
            var before = Interlocked.CompareExchange(ref running, seen + 1, seen);
            if (before == seen)
                return true;
            seen = before;
        }

        return false;
    }
}
