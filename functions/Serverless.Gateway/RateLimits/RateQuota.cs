using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Serverless.Gateway.RateLimits;

/// <summary>How a tenant stands in one unit.</summary>
/// <param name="IsAdmitted">Whether what was asked for is among what is allowed.</param>
/// <param name="Limit">How much there may be in a minute.</param>
/// <param name="Remaining">How much more may come now.</param>
/// <param name="Reset">When all of it is free again.</param>
/// <param name="Next">When as much as was asked for is free.</param>
internal readonly record struct RateQuota(bool IsAdmitted, int Limit, int Remaining, TimeSpan Reset, TimeSpan Next)
{
    /// <summary>Writes the headers that OpenAI sends, a duration as <c>1.5s</c>.</summary>
    public void WriteTo(IHeaderDictionary headers, RateUnit unit)
    {
        var name = unit.NameOf();
        headers["x-ratelimit-limit-" + name] = Limit.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-remaining-" + name] = Remaining.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-reset-" + name] = Reset.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + "s";
    }
}
