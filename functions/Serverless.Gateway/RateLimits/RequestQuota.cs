using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Serverless.Gateway.RateLimits;

/// <summary>How a tenant's requests stand.</summary>
/// <param name="IsAdmitted">Whether this one is among those allowed.</param>
/// <param name="Limit">How many there may be in a minute.</param>
/// <param name="Remaining">How many more may come now.</param>
/// <param name="Reset">When all of them are free again.</param>
/// <param name="Next">When the next one is free.</param>
internal readonly record struct RequestQuota(bool IsAdmitted, int Limit, int Remaining, TimeSpan Reset, TimeSpan Next)
{
    /// <summary>Writes the headers that OpenAI sends, a duration as <c>1.5s</c>.</summary>
    public void WriteTo(IHeaderDictionary headers)
    {
        headers["x-ratelimit-limit-requests"] = Limit.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-remaining-requests"] = Remaining.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-reset-requests"] = Reset.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + "s";
    }
}
