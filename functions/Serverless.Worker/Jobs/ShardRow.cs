using Azure;
using Serverless.Contracts.Jobs;

namespace Serverless.Worker.Jobs;

/// <summary>A shard's row as it was read.</summary>
/// <param name="State">Whether its lines are still wanted.</param>
/// <param name="Epoch">The epoch of its newest message.</param>
/// <param name="ETag">What an update is conditional on.</param>
internal sealed record ShardRow(ShardState State, int Epoch, ETag ETag)
{
    /// <summary>Whether the shard needs no worker any more.</summary>
    public bool IsOver => State is ShardState.Done or ShardState.Failed or ShardState.Stopped;
}
