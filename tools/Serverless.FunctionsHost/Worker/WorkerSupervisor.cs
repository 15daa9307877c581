using Microsoft.Extensions.Options;
using Serverless.FunctionsHost.Settings;

namespace Serverless.FunctionsHost.Worker;

/// <summary>
/// Keeps one worker running. The host starts listening once the first is ready; if none gets ready in three attempts the host ends,
/// because an app that never ran is a mistake to report, while one that ran and crashed is restarted for ever.
/// </summary>
internal sealed partial class WorkerSupervisor(
    WorkerStarter starter,
    WorkerGate gate,
    IOptions<FunctionsHostOptions> options,
    IHostApplicationLifetime lifetime,
    ILogger<WorkerSupervisor> logger) : IHostedService, IAsyncDisposable
{
    private const int StartAttempts = 3;

    private readonly CancellationTokenSource _stopping = new();
    private readonly RestartBackoff _backoff = new();
    private Task _running = Task.CompletedTask;
    private CancellationTokenRegistration _drain;
    private RunningWorker? _worker;
    private bool _isDisposed;

    public int Restarts { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var worker = await StartFirstAsync(cancellationToken);
        _drain = lifetime.ApplicationStopping.Register(() => _ = CancelAfterDrainAsync());
        _running = SuperviseAsync(worker);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        if (_worker is { } worker) await worker.TerminateAsync(options.Value.CancelGrace);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        // By each of the two services that it is registered as.
        if (_isDisposed)
            return;
        _isDisposed = true;
        await _drain.DisposeAsync();
        // A host that could not start is not stopped: nothing may be restarted all the same.
        await _stopping.CancelAsync();
        _worker?.Process.Kill();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task<RunningWorker> StartFirstAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await StartOneAsync(cancellationToken);
            }
            catch (Exception e) when (attempt < StartAttempts && e is not OperationCanceledException)
            {
                LogStartFailed(attempt, e.Message);
                await Task.Delay(_backoff.Next(TimeSpan.Zero), starter.Time, cancellationToken);
            }
        }
    }

    private async Task<RunningWorker> StartOneAsync(CancellationToken cancellationToken)
    {
        var worker = await starter.StartAsync(cancellationToken);
        _worker = worker;
        gate.Open(worker.Session);
        LogReady(worker.Session.ProcessId, worker.Session.Functions.Count);
        return worker;
    }

    private async Task SuperviseAsync(RunningWorker? worker)
    {
        while (worker is not null)
        {
            var exitCode = await worker.WaitForEndAsync();
            gate.Shut();
            worker.Dispose();
            if (_stopping.IsCancellationRequested) return;
            var pause = _backoff.Next(worker.ReadyFor);
            LogEnded(worker.Session.ProcessId, exitCode, pause);
            worker = await RestartAsync(pause);
        }
    }

    private async Task<RunningWorker?> RestartAsync(TimeSpan pause)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pause, starter.Time, _stopping.Token);
                Restarts++;
                return await StartOneAsync(_stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return null;
            }
            catch (Exception e)
            {
                pause = _backoff.Next(TimeSpan.Zero);
                LogStartFailed(_backoff.QuickDeaths, e.Message);
            }
        }

        return null;
    }

    private async Task CancelAfterDrainAsync()
    {
        try
        {
            await Task.Delay(options.Value.DrainTimeout, starter.Time, _stopping.Token);
            if (gate.Current is not { Channel.InFlight: > 0 } session) return;
            LogDrainTimedOut(session.Channel.InFlight, options.Value.DrainTimeout);
            session.Channel.CancelAll();
        }
        catch (OperationCanceledException)
        {
            // Everything ended within the time.
        }
    }
}
