using System.Diagnostics;
using Serverless.Contracts.Jobs;

namespace Serverless.Worker.Jobs;

/// <summary>Spans of jobs. A line's custom id is its owner's text and stays out of them: its number is told.</summary>
internal static class JobTracing
{
    private static readonly ActivitySource Source = new("Serverless.Jobs");

    public static Activity? StartLine(ShardMessage shard, int line) => Source.StartActivity("batch line")?
        .SetTag("serverless.batch.id", shard.Batch)
        .SetTag("serverless.batch.shard", shard.Shard)
        .SetTag("serverless.batch.line", line);
}
