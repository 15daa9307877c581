using Serverless.Worker.Draining;
using Serverless.Worker.Serving;

namespace Serverless.Worker.Starting;

/// <summary>
/// A service of the host that is made and started in the background once the models are there that are to be there before the first request,
/// and those who waited for them have their answers: what serves no request takes no processor time from the first answer. One that cannot
/// start ends the worker, as at any other time.
/// </summary>
internal sealed partial class LateStart<T>(
    IServiceProvider services, ModelPreload preload, Drain drain, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<T> logger)
    : IHostedLifecycleService
    where T : class, IHostedService
{
    // A model that takes longer is no reason to leave messages for others lying.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    // Whoever was held elsewhere until the worker was ready comes now; they may come one after the other for as long as the worker lives.
    private static readonly TimeSpan FirstAnswers = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LongestAnswers = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>The service once it has started; null when the worker goes before that.</summary>
    public Task<T?> Started { get; private set; } = Task.FromResult<T?>(null);

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Started = BeginAsync();
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (await Started.WaitAsync(cancellationToken) is IHostedLifecycleService service)
            await service.StoppingAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (await Started.WaitAsync(cancellationToken) is { } service)
            await service.StopAsync(cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<T?> BeginAsync()
    {
        await preload.Tried.WaitAsync(LongestWait, time, drain.Begun).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var tried = time.GetTimestamp();
        while (!drain.Begun.IsCancellationRequested && time.GetElapsedTime(tried) < (drain.Running > 0 ? LongestAnswers : FirstAnswers))
            await Task.Delay(Look, time, CancellationToken.None);
        try
        {
            drain.Begun.ThrowIfCancellationRequested();
            var service = services.GetRequiredService<T>();
            drain.Begun.ThrowIfCancellationRequested();
            await service.StartAsync(drain.Begun);
            if (service is IHostedLifecycleService lifecycle)
                await lifecycle.StartedAsync(drain.Begun);
            return service;
        }
        catch (OperationCanceledException) when (drain.Begun.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // Nobody waits for it here: the worker's end is what tells of it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogFailed(logger, error);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Critical, "The worker ends: it could not be started whole")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
