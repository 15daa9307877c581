using System.Net;
using Microsoft.Extensions.Logging;
using Serverless.Gateway.Forwarding;

namespace Serverless.Gateway.Holding;

/// <summary>
/// Wakes a replica with one call, however many wait for it. The ingress before the worker holds that call while a replica starts, or refuses
/// it; it is made again until one answers or nobody waits.
/// </summary>
internal sealed partial class WakeUp(
    WorkerClient worker, ReplicaState state, HoldingMetrics metrics, TimeProvider time, ILogger<WakeUp> logger)
{
    private const string Path = "/v2/health/live";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // A call that was given to a replica which died is never answered.
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private WakeUpFlight? _flight;

    /// <summary>Waits until a replica answers; gives back how long waking it took.</summary>
    /// <exception cref="TimeoutException">None did in time.</exception>
    public async Task<TimeSpan> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (Join() is not { } flight)
            return TimeSpan.Zero;
        try
        {
            return await flight.Landing.WaitAsync(atMost, time, cancellationToken);
        }
        finally
        {
            Leave(flight);
        }
    }

    private WakeUpFlight? Join()
    {
        WakeUpFlight flight;
        lock (_lock)
        {
            if (_flight is not null)
            {
                _flight.Waiters++;
                return _flight;
            }

            // Another's wake-up may have ended since the caller looked.
            if (state.IsWarm)
                return null;
            _flight = flight = new WakeUpFlight(time.GetTimestamp()) { Waiters = 1 };
        }

        _ = FlyAsync(flight);
        return flight;
    }

    private void Leave(WakeUpFlight flight)
    {
        lock (_lock)
        {
            if (--flight.Waiters > 0 || _flight != flight)
                return;
            _flight = null;
            flight.Abandon();
        }
    }

    private async Task FlyAsync(WakeUpFlight flight)
    {
        LogWaking();
        try
        {
            for (var pause = FirstPause; !await CallAsync(flight.Abandoned); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
                await Task.Delay(pause, time, flight.Abandoned);
            var took = time.GetElapsedTime(flight.Started);
            // Before the flight is over: whoever comes next finds one or the other.
            state.Answered();
            End(flight);
            flight.Land(took);
            metrics.AddWakeUp(HoldingMetrics.Answered, took);
            LogAwake(took.TotalSeconds);
        }
        catch (Exception exception)
        {
            End(flight);
            flight.Fail(exception);
            metrics.AddWakeUp(HoldingMetrics.Abandoned, time.GetElapsedTime(flight.Started));
            if (exception is not OperationCanceledException)
                LogFailed(exception);
        }
        finally
        {
            flight.Dispose();
        }
    }

    private void End(WakeUpFlight flight)
    {
        lock (_lock)
        {
            if (_flight == flight)
                _flight = null;
        }
    }

    private async Task<bool> CallAsync(CancellationToken abandoned)
    {
        using var limit = new CancellationTokenSource(CallLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, abandoned);
        using var request = new HttpRequestMessage(HttpMethod.Get, worker.BaseUrl + Path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        try
        {
            using var response = await worker.Invoker.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !abandoned.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "No replica of the worker answered lately; waking one")]
    private partial void LogWaking();

    [LoggerMessage(2, LogLevel.Information, "A replica of the worker answered after {Seconds:0.000} s")]
    private partial void LogAwake(double seconds);

    [LoggerMessage(3, LogLevel.Error, "Waking a replica failed unexpectedly")]
    private partial void LogFailed(Exception exception);
}
