using System.ComponentModel.DataAnnotations;

namespace Serverless.Gateway.RateLimits;

/// <summary>Configuration section <c>Gateway:Limits</c>: what each tenant may ask that has no limits of its own.</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "Gateway:Limits";
    public const int MostRequests = 10_000_000;
    public const int MostUsage = 1_000_000_000;
    public const int MostConcurrent = 100_000;
    public const int MostBatches = 1000;

    /// <summary>Requests per minute of a tenant; 0, no limit, unless set.</summary>
    [Range(0, MostRequests, ErrorMessage = "Gateway:Limits:RequestsPerMinute must be from 0 to 10000000.")]
    public int RequestsPerMinute { get; set; }

    /// <summary>Tokens per minute of a tenant, read and written; 0, no limit, unless set.</summary>
    [Range(0, MostUsage, ErrorMessage = "Gateway:Limits:TokensPerMinute must be from 0 to 1000000000.")]
    public int TokensPerMinute { get; set; }

    /// <summary>Rows per minute of a tenant's Open Inference requests; 0, no limit, unless set.</summary>
    [Range(0, MostUsage, ErrorMessage = "Gateway:Limits:RowsPerMinute must be from 0 to 1000000000.")]
    public int RowsPerMinute { get; set; }

    /// <summary>Requests of a tenant that each replica of the worker has at hand at a time; 0, no limit, unless set.</summary>
    [Range(0, MostConcurrent, ErrorMessage = "Gateway:Limits:ConcurrentRequests must be from 0 to 100000.")]
    public int ConcurrentRequests { get; set; }

    /// <summary>Batches of a tenant that are at work at a time, whatever gateways created them; 0, no limit, unless set.</summary>
    [Range(0, MostBatches, ErrorMessage = "Gateway:Limits:ConcurrentBatches must be from 0 to 1000.")]
    public int ConcurrentBatches { get; set; }
}
