using Microsoft.Extensions.Options;
using Serverless.Contracts.Costs;
using Serverless.Inference.Accounting;
using Serverless.Worker.Draining;
using Serverless.Worker.Starting;

namespace Serverless.Worker.Costs;

/// <summary>
/// Closes an interval every <see cref="CostOptions.Interval"/>, and the last one when everything is answered and the worker goes. What
/// cannot be written then is written with the next one.
/// </summary>
internal sealed partial class CostRecorder : BackgroundService
{
    private readonly DayTotals _totals = new();
    private readonly CostLedger _ledger;
    private readonly DeviceTimes _devices;
    private readonly Drain _drain;
    private readonly CostMetrics _metrics;
    private readonly CostTable? _table;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public CostRecorder(IServiceProvider services, ProcessStart start, ReplicaPrice price, DeviceTimes devices)
    {
        _time = services.GetRequiredService<TimeProvider>();
        var before = (long)(start.BeforeMain(_time).TotalSeconds * _time.TimestampFrequency);
        _ledger = new CostLedger(price.NanosPerSecond, start.Main - before, _time);
        _devices = devices;
        _drain = services.GetRequiredService<Drain>();
        _metrics = services.GetRequiredService<CostMetrics>();
        _table = services.GetService<CostTable>();
        _interval = services.GetRequiredService<IOptions<CostOptions>>().Value.Interval;
        _logger = services.GetRequiredService<ILogger<CostRecorder>>();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await CloseAsync(isBusy: false, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await CloseAsync(_drain.Running > 0, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The worker goes; what is left is written by StopAsync.
        }
    }

    private async Task CloseAsync(bool isBusy, CancellationToken cancellationToken)
    {
        var (from, to) = (_ledger.Opened, _time.GetUtcNow());
        foreach (var charge in _ledger.Close(_devices.Take(), isBusy))
        {
            foreach (var (day, part) in DayParts.Of(charge, from, to))
                _totals.Add(day, part);
            _metrics.Charged(charge, (double)charge.Nanos / CostTables.NanosPerUnit);
        }

        if (_table is null)
            return;
        try
        {
            await _table.WriteAsync(_totals, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogNotWritten(_logger, error);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Costs could not be written; they are written with the next ones")]
    private static partial void LogNotWritten(ILogger logger, Exception error);
}
