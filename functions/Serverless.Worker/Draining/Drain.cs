using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Worker.Configuration;
using Serverless.Worker.InProcess;

namespace Serverless.Worker.Draining;

/// <summary>
/// The end of a worker's life. From SIGTERM on nothing new is taken; what is at hand has <see cref="WorkerOptions.DrainTime"/> to be answered,
/// and is then ended with an error that says to try again. The listeners stay open meanwhile: whoever still sends here gets an answer.
/// </summary>
internal sealed partial class Drain : IHostedLifecycleService, IDisposable
{
    /// <summary>What is left after <see cref="WorkerOptions.DrainTime"/> for telling callers, sealing shards and closing connections.</summary>
    public static readonly TimeSpan WindDown = TimeSpan.FromSeconds(15);

    // A connection that is closed may have a request on its way: each is refused once, and with that its client's to close.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestUnrest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _begun = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenRegistration _stopping;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private int _running;
    private long _lastAsked;

    public Drain(IHostApplicationLifetime lifetime, IOptions<WorkerOptions> options, TimeProvider time, ILogger<Drain> logger)
    {
        (_limit, _time, _logger) = (options.Value.DrainTime, time, logger);
        _stopping = lifetime.ApplicationStopping.UnsafeRegister(static drain => ((Drain)drain!)._begun.Cancel(), this);
    }

    /// <summary>Cancelled when nothing new is to be taken.</summary>
    public CancellationToken Begun => _begun.Token;

    /// <summary>Cancelled when what is at hand had its time.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>How many requests are at hand, those from queues included.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Why a request is not, or no longer, worked on.</summary>
    public static InferenceError Error { get; } =
        new(ErrorKind.ModelUnavailable, "This worker is being stopped; send the request again.", RetryAfter: RetryAfter);

    /// <summary>Counts a request in that has to be answered before the worker may go; each is followed by one <see cref="Leave"/>.</summary>
    public void Enter() => Interlocked.Increment(ref _running);

    /// <summary>It is answered.</summary>
    public void Leave() => Interlocked.Decrement(ref _running);

    /// <summary>
    /// What a request is refused with; null where it is to be served. Whoever asks for the worker's health still learns it, and requests from
    /// queues were taken before.
    /// </summary>
    public InferenceError? Refusal(HttpContext context)
    {
        if (!_begun.IsCancellationRequested)
            return null;
        if (context.Request.Path.StartsWithSegments("/v2/health") || context.Features.Get<LocalResponse>() is not null)
            return null;
        Volatile.Write(ref _lastAsked, _time.GetTimestamp());
        return Error;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _begun.CancelAsync();
        var started = _time.GetTimestamp();
        LogBegun(_logger, Running, _limit);
        if (!await IdleAsync(_limit, cancellationToken))
        {
            LogEnding(_logger, Running);
            await _ended.CancelAsync();
            await IdleAsync(WindDown, cancellationToken);
        }

        Volatile.Write(ref _lastAsked, Math.Max(_lastAsked, started));
        await QuietAsync(cancellationToken);
        LogDrained(_logger, _time.GetElapsedTime(started), Running);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _stopping.Dispose();
        _begun.Dispose();
        _ended.Dispose();
    }

    /// <summary>Whether everything was answered within <paramref name="limit"/>.</summary>
    private async Task<bool> IdleAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (Running > 0)
        {
            if (cancellationToken.IsCancellationRequested || _time.GetElapsedTime(started) >= limit)
                return false;
            await Task.Delay(Look, _time, CancellationToken.None);
        }

        return true;
    }

    /// <summary>Waits until nobody has asked for a while.</summary>
    private async Task QuietAsync(CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (_time.GetElapsedTime(Volatile.Read(ref _lastAsked)) < Quiet && _time.GetElapsedTime(started) < LongestUnrest)
        {
            if (cancellationToken.IsCancellationRequested)
                return;
            await Task.Delay(Look, _time, CancellationToken.None);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Draining: {Running} requests at hand have {Limit} to be answered")]
    private static partial void LogBegun(ILogger logger, int running, TimeSpan limit);

    [LoggerMessage(2, LogLevel.Warning, "{Running} requests are not answered in time; their callers are told to try again")]
    private static partial void LogEnding(ILogger logger, int running);

    [LoggerMessage(3, LogLevel.Information, "Drained after {Took}; {Running} requests left")]
    private static partial void LogDrained(ILogger logger, TimeSpan took, int running);
}
