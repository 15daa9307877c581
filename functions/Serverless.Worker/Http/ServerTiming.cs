using System.Globalization;
using Serverless.Inference.Lifecycle;

namespace Serverless.Worker.Http;

/// <summary>Tells the caller where the time went, in the header <c>Server-Timing</c> (milliseconds).</summary>
internal static class ServerTiming
{
    /// <summary>Queue and run; for the answer that waited for the model's load, its stages too.</summary>
    public static void Write(HttpResponse response, ModelLease lease, TimeSpan queue, TimeSpan run)
    {
        List<string> entries = [Entry("queue", queue), Entry("run", run)];
        if (lease.TakeLoadTimings() is { } load)
        {
            entries.AddRange(load.Stages.Select(stage => Entry(stage.Name, stage.Duration)));
            // Bytes are no duration: the header has a description for what else there is to say.
            entries.Add(string.Create(CultureInfo.InvariantCulture, $"bytes;desc=\"{load.BytesTotal}\""));
            entries.Add(string.Create(CultureInfo.InvariantCulture, $"cached;desc=\"{load.BytesFromCache}\""));
        }

        response.Headers["Server-Timing"] = string.Join(", ", entries);
    }

    private static string Entry(string name, TimeSpan duration) =>
        string.Create(CultureInfo.InvariantCulture, $"{name};dur={duration.TotalMilliseconds:0.###}");
}
