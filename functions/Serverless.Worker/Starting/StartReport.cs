using System.Globalization;
using Serverless.Inference.Lifecycle;

namespace Serverless.Worker.Starting;

/// <summary>
/// The stages from the process's start to its first answer: process (until its own code runs), host (until it listens), model (the load that the
/// first answer needed), answer (its queueing and run). Told once: as metrics, in the log, and to the first caller.
/// </summary>
internal sealed partial class StartReport(ProcessStart start, TimeProvider time, StartMetrics metrics, ILogger<StartReport> logger)
    : IHostedLifecycleService
{
    private readonly Lock _lock = new();
    private TimeSpan? _process;
    private TimeSpan _host;
    private bool _told;

    /// <summary>Everything listens.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Listening();
        return Task.CompletedTask;
    }

    /// <summary>The stages before the model's, as entries of <c>Server-Timing</c>, for the first answer; null for all others.</summary>
    /// <param name="load">The load of the answer's model.</param>
    /// <param name="answer">The answer's own time.</param>
    public string? Take(LoadTimings load, TimeSpan answer)
    {
        var process = Listening();
        lock (_lock)
        {
            if (_told)
                return null;
            _told = true;
        }

        var model = load.Fetch + load.Decode + load.Session + load.WarmUp;
        metrics.Took("model", model);
        metrics.Took("answer", answer);
        LogFirst(
            logger, process.TotalMilliseconds, _host.TotalMilliseconds, model.TotalMilliseconds, answer.TotalMilliseconds);
        return string.Create(
            CultureInfo.InvariantCulture, $"process;dur={process.TotalMilliseconds:0.###}, host;dur={_host.TotalMilliseconds:0.###}");
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The first request may be here before the host has said that it is started.
    private TimeSpan Listening()
    {
        lock (_lock)
        {
            if (_process is { } known)
                return known;
            _host = time.GetElapsedTime(start.Main);
            var process = start.BeforeMain(time);
            _process = process;
            metrics.Took("process", process);
            metrics.Took("host", _host);
            return process;
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Information,
        "First answer: process {Process:0.0} ms, host {Host:0.0} ms, model {Model:0.0} ms, answer {Answer:0.0} ms")]
    private static partial void LogFirst(ILogger logger, double process, double host, double model, double answer);
}
