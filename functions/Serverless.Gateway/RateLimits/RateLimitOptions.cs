using System.ComponentModel.DataAnnotations;

namespace Serverless.Gateway.RateLimits;

/// <summary>Configuration section <c>Gateway:Limits</c>: what each tenant may ask of one gateway.</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "Gateway:Limits";

    /// <summary>Requests per minute of a tenant; 0, no limit, unless set.</summary>
    [Range(0, 10_000_000, ErrorMessage = "Gateway:Limits:RequestsPerMinute must be from 0 to 10000000.")]
    public int RequestsPerMinute { get; set; }
}
