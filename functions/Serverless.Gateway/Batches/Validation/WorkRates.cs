using System.Text;
using Azure;
using Azure.Data.Tables;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches.Validation;

/// <summary>Learns from finished shards how long work takes, so that the next batch is cut into shards of the wanted length.</summary>
internal sealed class WorkRates(JobStorage storage)
{
    /// <summary>Before anything was measured: 200 units a second.</summary>
    public const double Unknown = 0.005;

    internal const string Partition = "rates";

    // Half of what is new: a model moved to other hardware is known after a few shards.
    private const double Weight = 0.5;

    public async Task<double> FindAsync(string endpoint, string model, CancellationToken cancellationToken) =>
        (await ReadAsync(endpoint, model, cancellationToken))?.SecondsPerUnit ?? Unknown;

    /// <summary>Notes what a shard cost. Losing one to a concurrent note does no harm.</summary>
    public async Task NoteAsync(string endpoint, string model, ShardRow shard, CancellationToken cancellationToken)
    {
        if (shard.RunMilliseconds <= 0 || shard.Units <= 0)
            return;
        var measured = shard.RunMilliseconds / 1000d / shard.Units;
        var known = await ReadAsync(endpoint, model, cancellationToken);
        var row = new WorkRateRow
        {
            PartitionKey = Partition,
            RowKey = KeyOf(endpoint, model),
            SecondsPerUnit = known is null ? measured : known.SecondsPerUnit * (1 - Weight) + measured * Weight,
        };
        await storage.RateTable.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    private async Task<WorkRateRow?> ReadAsync(string endpoint, string model, CancellationToken cancellationToken)
    {
        NullableResponse<WorkRateRow> found = await storage.RateTable.GetEntityIfExistsAsync<WorkRateRow>(
            Partition, KeyOf(endpoint, model), cancellationToken: cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    // Paths hold what a Table key may not.
    internal static string KeyOf(string endpoint, string model) =>
        Convert.ToHexStringLower(Encoding.UTF8.GetBytes($"{endpoint} {model}"))[..Math.Min(512, 2 * (endpoint.Length + 1 + model.Length))];
}
