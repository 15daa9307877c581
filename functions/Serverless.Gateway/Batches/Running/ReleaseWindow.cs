using Microsoft.Extensions.Options;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches.Running;

/// <summary>How many shards of a batch may be with Service Bus, so that a large job does not stand before a small one.</summary>
internal sealed class ReleaseWindow(BatchIndex index, IOptions<JobOptions> options)
{
    /// <summary>The batch's part of the window, by its weight among the active batches; at least 1.</summary>
    public async Task<int> ShareOfAsync(BatchRow batch, CancellationToken cancellationToken)
    {
        var active = await index.ListActiveAsync(cancellationToken);
        var others = active.Where(row => row.RowKey != batch.Id).Sum(row => row.Weight);
        return Math.Max(1, options.Value.ReleasedShards * batch.Weight / (batch.Weight + others));
    }
}
