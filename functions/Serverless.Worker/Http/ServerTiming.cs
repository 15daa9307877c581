using System.Globalization;
using Serverless.Inference.Lifecycle;

namespace Serverless.Worker.Http;

/// <summary>Tells the caller where the time went, in the header <c>Server-Timing</c> (milliseconds).</summary>
internal static class ServerTiming
{
    /// <summary>Queue and run; for the answer that waited for the model's load, its stages too.</summary>
    public static void Write(HttpResponse response, ModelLease lease, TimeSpan queue, TimeSpan run)
    {
        List<(string Name, TimeSpan Duration)> stages = [("queue", queue), ("run", run)];
        if (lease.TakeLoadTimings() is { } load)
            stages.AddRange(load.Stages);
        response.Headers["Server-Timing"] = string.Join(", ", stages.Select(stage => Entry(stage.Name, stage.Duration)));
    }

    private static string Entry(string name, TimeSpan duration) =>
        string.Create(CultureInfo.InvariantCulture, $"{name};dur={duration.TotalMilliseconds:0.###}");
}
