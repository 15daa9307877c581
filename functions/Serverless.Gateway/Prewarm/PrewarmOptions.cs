using System.ComponentModel.DataAnnotations;

namespace Serverless.Gateway.Prewarm;

/// <summary>Configuration section <c>Gateway:Prewarm</c>: starting a replica before requests come that came at this time of day before.</summary>
internal sealed class PrewarmOptions
{
    public const string Section = "Gateway:Prewarm";

    /// <summary>Whether arrivals are counted and replicas started ahead of them; false unless set.</summary>
    public bool Predictive { get; set; }

    /// <summary>From how many expected requests for a model in five minutes it is warmed up; 1 unless set.</summary>
    [Range(0.01, 1_000_000, ErrorMessage = "Gateway:Prewarm:Threshold must be from 0.01 to 1000000 requests in five minutes.")]
    public double Threshold { get; set; } = 1;

    /// <summary>Over how many days the expectation is an average; 7 unless set.</summary>
    [Range(1, 28, ErrorMessage = "Gateway:Prewarm:Days must be from 1 to 28.")]
    public int Days { get; set; } = 7;
}
