using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Contracts.Models;
using Serverless.Gateway.Batches.Validation;

namespace Serverless.Gateway.Prewarm;

/// <summary>Writes down once a minute, and at the end, what this process counted. A process that is killed loses a minute of it.</summary>
internal sealed partial class ArrivalRecorder(
    ArrivalCounter counter, ArrivalTable table, IModelCheck models, TimeProvider time, ILogger<ArrivalRecorder> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Writes down what was counted since the last time.</summary>
    public async Task RecordAsync(CancellationToken cancellationToken)
    {
        var left = counter.Take().ToList();
        try
        {
            while (left is [.., var ((slot, model), count)])
            {
                if (await models.ExistsAsync(new ModelReference(model), cancellationToken))
                    await table.AddAsync(slot, model, count, cancellationToken);
                left.RemoveAt(left.Count - 1);
            }
        }
        catch (Exception exception)
        {
            // The next run writes them.
            foreach (var ((slot, model), count) in left)
                counter.Add(slot, model, count);
            if (!cancellationToken.IsCancellationRequested)
                LogFailed(exception);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (counter.IsOn)
            await RecordAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!counter.IsOn)
            return;
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await RecordAsync(stoppingToken);
    }

    [LoggerMessage(1, LogLevel.Warning, "The history of arrivals could not be written; the next run tries again")]
    private partial void LogFailed(Exception exception);
}
