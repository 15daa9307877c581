using System.ComponentModel.DataAnnotations;

namespace Serverless.Gateway.Holding;

/// <summary>Configuration section <c>Gateway:Holding</c>: requests that wait for a replica.</summary>
internal sealed class HoldingOptions
{
    public const string Section = "Gateway:Holding";

    /// <summary>How many requests may wait in this process; 256 unless set.</summary>
    [Range(1, 100_000, ErrorMessage = "Gateway:Holding:MaxRequests must be from 1 to 100000.")]
    public int MaxRequests { get; set; } = 256;

    /// <summary>How many of them may be for one model; seven eighths of all unless set, so that some places are left for the others.</summary>
    [Range(1, 100_000, ErrorMessage = "Gateway:Holding:MaxRequestsPerModel must be from 1 to 100000.")]
    public int? MaxRequestsPerModel { get; set; }

    /// <summary>How many of them may be one caller's; seven eighths of all unless set.</summary>
    [Range(1, 100_000, ErrorMessage = "Gateway:Holding:MaxRequestsPerTenant must be from 1 to 100000.")]
    public int? MaxRequestsPerTenant { get; set; }

    /// <summary>
    /// How long a request may wait for the beginning of its answer; 200 s unless set: the ingress before the worker gives up after 240 s, and
    /// Functions HTTP after 230 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:03:45", ErrorMessage = "Gateway:Holding:MaxWait must be from 0.1 s to 225 s.")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(200);

    /// <summary>How long a stream may be silent before a comment is sent; 5 s unless set.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00", ErrorMessage = "Gateway:Holding:Heartbeat must be from 0.1 s to 1 minute.")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>For how long after an answer a replica is taken to be there still; 30 s unless set.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ErrorMessage = "Gateway:Holding:WarmFor must be from 0 to 10 minutes.")]
    public TimeSpan WarmFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The bound of one model or one caller, when none is set.</summary>
    public int Share => Math.Max(1, MaxRequests - (MaxRequests / 8));
}
