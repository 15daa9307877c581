using System.Globalization;
using Serverless.Contracts.Http;
using Serverless.Inference.Lifecycle;
using Serverless.Worker.Costs;
using Serverless.Worker.Starting;

namespace Serverless.Worker.Http;

/// <summary>Tells the caller where the time went, in the header <c>Server-Timing</c> (milliseconds).</summary>
internal static class ServerTiming
{
    /// <summary>What the request cost where there are prices, and its queue and run; for a model's first answer the stages of its load too, and for the worker's first those of its start.</summary>
    public static void Write(HttpContext context, ModelLease lease, TimeSpan queue, TimeSpan run, TimeSpan device)
    {
        var (headers, entries) = (context.Response.Headers, Of(context, lease, queue, run));
        var price = context.RequestServices.GetRequiredService<ReplicaPrice>();
        if (price.IsOn)
        {
            var cost = price.TextOf(device);
            headers[InferenceHeaders.Cost] = cost;
            entries = $"{entries}, cost;desc=\"{cost} {price.Currency}\"";
        }

        headers["Server-Timing"] = entries;
    }

    /// <summary>The header's value.</summary>
    public static string Of(HttpContext context, ModelLease lease, TimeSpan queue, TimeSpan run)
    {
        var entries = string.Create(
            CultureInfo.InvariantCulture,
            $"queue;dur={queue.Ticks / 10_000}.{queue.Ticks / 10 % 1000:000}, run;dur={run.Ticks / 10_000}.{run.Ticks / 10 % 1000:000}");
        if (lease.TakeLoadTimings() is not { } load)
            return entries;
        var start = context.RequestServices.GetRequiredService<StartReport>().Take(load, queue + run);
        return start is null ? $"{entries}, {Load(load)}" : $"{entries}, {Load(load)}, {start}";
    }

    private static string Load(LoadTimings load)
    {
        var entries = load.Stages.Select(stage => string.Create(
            CultureInfo.InvariantCulture, $"{stage.Name};dur={stage.Duration.TotalMilliseconds:0.###}"));
        // Bytes are no duration: the header has a description for what else there is to say.
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(", ", entries)}, bytes;desc=\"{load.BytesTotal}\", cached;desc=\"{load.BytesFromCache}\"");
    }
}
