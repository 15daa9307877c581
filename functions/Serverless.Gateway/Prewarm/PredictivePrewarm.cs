using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Models;
using Serverless.Gateway.Warming;

namespace Serverless.Gateway.Prewarm;

/// <summary>Warms up what came at this time of day before: looks five minutes ahead, once for each five minutes.</summary>
internal sealed partial class PredictivePrewarm(
    ArrivalTable table, ModelWarming warming, IOptions<PrewarmOptions> options, TimeProvider time, ILogger<PredictivePrewarm> logger)
{
    private readonly Lock _lock = new();
    private Slot _last;

    /// <summary>Warms up the models that are expected; gives back which.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.Predictive)
            return [];
        var next = Slot.At(time.GetUtcNow() + Slot.Length);
        lock (_lock)
        {
            if (_last == next)
                return [];
            _last = next;
        }

        var expected = await table.ExpectAsync(next, options.Value.Days, cancellationToken);
        var models = expected.Where(pair => pair.Value >= options.Value.Threshold).OrderByDescending(pair => pair.Value).ToList();
        foreach (var (model, count) in models)
        {
            LogWarming(model, count);
            var warmth = await warming.WarmAsync(new ModelReference(model)).WaitAsync(cancellationToken);
            if (warmth.Error is { } error)
                LogFailed(model, error);
        }

        return [.. models.Select(pair => pair.Key)];
    }

    [LoggerMessage(1, LogLevel.Information, "{Expected:0.#} requests for {Model} are expected in the next five minutes; it is warmed up")]
    private partial void LogWarming(string model, double expected);

    [LoggerMessage(2, LogLevel.Warning, "{Model} could not be warmed up: {Reason}")]
    private partial void LogFailed(string model, string reason);
}
