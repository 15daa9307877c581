using System.Globalization;
using Serverless.Contracts.Http;
using Serverless.Gateway.RateLimits;

namespace Serverless.Gateway.Forwarding;

/// <summary>What the worker says that a request took.</summary>
internal static class ToldUsage
{
    /// <summary>Settles a charge by an answer's head, if that tells: a stream's is told at its end, and an error costs nothing.</summary>
    public static void Settle(RateCharge? charge, HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
            charge?.Settle(0);
        else if (response.Headers.TryGetValues(InferenceHeaders.Usage, out var values)
            && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var used))
            charge?.Settle(used);
    }
}
