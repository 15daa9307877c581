using System.ComponentModel.DataAnnotations;

namespace Serverless.FunctionsHost.Settings;

/// <summary>The host's own settings, section <c>FunctionsHost</c>.</summary>
internal sealed class FunctionsHostOptions
{
    public const string Section = "FunctionsHost";

    /// <summary>From the worker's start until its functions are loaded. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan WorkerStartTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a request may wait for a worker that is being restarted; then 503. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan WorkerWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the head of a request may take to arrive; then 408. Default 30 s, as in the Functions host.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan HeadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long calls in flight may go on after SIGTERM before they are cancelled. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long cancelled calls, and then the worker, may take to end. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan CancelGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a received queue message is hidden; renewed at half of it while the function runs. Default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "12:00:00")]
    public TimeSpan QueueLease { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Function keys. None at all switches authorization off, as on a developer's machine.</summary>
    public FunctionKeyOptions Keys { get; set; } = new();
}
