using Serverless.ContainerHost.Ingress;
using Serverless.ContainerHost.Replicas;
using Serverless.Scaling;

namespace Serverless.ContainerHost.Scaling;

/// <summary>Decides at every beat of the rules, and at once when a request is held, how many replicas are wanted.</summary>
internal sealed partial class ScaleLoop(
    ReplicaPool pool, IngressLoad load, QueueCounts queues, ScaleRule rule, ScaleHistory history, ILogger<ScaleLoop> logger)
    : BackgroundService
{
    private Task _held = Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        pool.Scale(rule.Rules.MinReplicas);
        _held = load.WaitForHeldAsync(stoppingToken);
        var refresh = Task.CompletedTask;
        while (!stoppingToken.IsCancellationRequested)
        {
            // Queues that answer slowly must not keep a held request waiting.
            if (rule.Scaler.UntilNextDecision == TimeSpan.Zero)
            {
                if (refresh.IsCompleted)
                    refresh = queues.RefreshAsync(stoppingToken);
                await Task.WhenAny(refresh, _held);
            }

            Decide();
            await SleepAsync(stoppingToken);
        }
    }

    private void Decide()
    {
        var reading = new ScaleReading(load.Concurrency, load.InFlight, queues.Latest);
        var before = pool.Desired;
        var wanted = rule.Scaler.Decide(reading, before);
        if (wanted == before)
            return;
        var decision = new ScaleDecision(rule.Time.GetUtcNow(), before, wanted, reading, ScaleReason.Of(reading, rule.Rules, before, wanted));
        history.Add(decision);
        LogDecided(before, wanted, decision.Reason);
        pool.Scale(wanted);
    }

    private async Task SleepAsync(CancellationToken stoppingToken)
    {
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var sleep = Task.Delay(rule.Scaler.UntilNextDecision, rule.Time, awake.Token);
        await Task.WhenAny(sleep, _held);
        await awake.CancelAsync();
        if (_held.IsCompleted)
            _held = load.WaitForHeldAsync(stoppingToken);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Before} -> {Wanted} replicas: {Reason}")]
    private partial void LogDecided(int before, int wanted, string reason);
}
