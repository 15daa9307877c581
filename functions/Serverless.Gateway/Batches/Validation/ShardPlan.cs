using Serverless.Contracts.Jobs;

namespace Serverless.Gateway.Batches.Validation;

/// <summary>Cuts requests into shards of about equal work.</summary>
internal static class ShardPlan
{
    // A job that is short as a whole is still cut for several workers, as long as a shard is worth its message.
    private const int ShardsForParallelism = 16;
    private const double ShortestSeconds = 2;

    /// <summary>The shards, in input order. The same input and rate give the same shards.</summary>
    public static List<ShardRow> Cut(string batch, IReadOnlyList<RequestPosition> requests, double secondsPerUnit, TimeSpan target)
    {
        var total = requests.Sum(request => request.Units);
        var count = CountOf(total * secondsPerUnit, target.TotalSeconds, requests.Count);
        var shards = new List<ShardRow>(count);
        var part = total / count;
        var (first, done, units, end) = (0, 0d, 0d, part);
        for (var i = 0; i < requests.Count; i++)
        {
            units += requests[i].Units;
            done += requests[i].Units;
            if (i < requests.Count - 1 && done < end)
                continue;
            shards.Add(Shard(batch, shards.Count, requests, first, i, units));
            (first, units) = (i + 1, 0);

            // A line that is worth many shards is in one of them; the next does not make up for the others.
            end = part * (Math.Floor(done / part) + 1);
        }

        return shards;
    }

    private static int CountOf(double seconds, double target, int requests)
    {
        var bySize = Math.Ceiling(seconds / target);
        var byParallelism = Math.Min(ShardsForParallelism, Math.Floor(seconds / ShortestSeconds));
        return (int)Math.Clamp(Math.Max(bySize, byParallelism), 1, Math.Min(JobLimits.MaxShards, requests));
    }

    private static ShardRow Shard(string batch, int number, IReadOnlyList<RequestPosition> requests, int first, int last, double units) => new()
    {
        PartitionKey = batch,
        RowKey = JobTables.ShardRow(number),
        Number = number,
        Offset = requests[first].Offset,
        Length = requests[last].End - requests[first].Offset,
        First = first,
        Lines = last - first + 1,
        Units = units,
    };
}
