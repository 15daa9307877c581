using System.ComponentModel.DataAnnotations;

namespace Serverless.Gateway.Async;

/// <summary>Configuration section <c>Async</c>.</summary>
internal sealed class AsyncOptions
{
    public const string Section = "Async";

    /// <summary>How long an operation and its result are kept; a day unless set.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00", ErrorMessage = "Async:ResultLifetime must be from 1 s to 30 days.")]
    public TimeSpan ResultLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Largest body in bytes; 16 MiB unless set. Larger ones go by a claim check in a queue message.</summary>
    [Range(1024, 256 << 20, ErrorMessage = "Async:MaxBodyBytes must be from 1024 to 268435456.")]
    public int MaxBodyBytes { get; set; } = 16 << 20;
}
