using System.Diagnostics;
using Serverless.Inference.Execution.Batching;

namespace Serverless.Inference.Diagnostics;

/// <summary>
/// The span of requests that run together: a child of the first of them that is sampled, linked to all of those, and they to it. Without a
/// sampled request there is none.
/// </summary>
internal static class BatchTracing
{
    public static Activity? Start(Batch batch)
    {
        List<ActivityLink>? links = null;
        foreach (var item in batch.Items)
        {
            if (item.Activity is { } request)
                (links ??= []).Add(new ActivityLink(request.Context));
        }

        if (links is null || InferenceTelemetry.Source.StartActivity("run batch", ActivityKind.Internal, links[0].Context, links: links) is not { } activity)
            return null;
        activity.SetTag("batch.requests", batch.Items.Count).SetTag("batch.rows", batch.Rows).SetTag("batch.waste", batch.Waste);
        var back = new ActivityLink(activity.Context);
        foreach (var item in batch.Items)
            item.Activity?.AddLink(back);
        return activity;
    }

    /// <summary>The graph's run itself, inside of whatever span is sampled on this thread.</summary>
    public static Activity? StartRun() =>
        Activity.Current is { Recorded: true } ? InferenceTelemetry.Source.StartActivity("onnxruntime run") : null;
}
