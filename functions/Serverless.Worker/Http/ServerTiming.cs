using System.Globalization;
using Serverless.Inference.Lifecycle;

namespace Serverless.Worker.Http;

/// <summary>Tells the caller where the time went, in the header <c>Server-Timing</c> (milliseconds).</summary>
internal static class ServerTiming
{
    /// <summary>Queue and run; for the answer that waited for the model's load, its stages too.</summary>
    public static void Write(HttpResponse response, ModelLease lease, TimeSpan queue, TimeSpan run) =>
        response.Headers["Server-Timing"] = Of(lease, queue, run);

    /// <summary>The header's value.</summary>
    public static string Of(ModelLease lease, TimeSpan queue, TimeSpan run)
    {
        var entries = string.Create(
            CultureInfo.InvariantCulture,
            $"queue;dur={queue.Ticks / 10_000}.{queue.Ticks / 10 % 1000:000}, run;dur={run.Ticks / 10_000}.{run.Ticks / 10 % 1000:000}");
        return lease.TakeLoadTimings() is { } load ? $"{entries}, {Load(load)}" : entries;
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
