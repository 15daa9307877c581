using Azure;
using Azure.Data.Tables;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Prewarm;

/// <summary>
/// The history of arrivals: a table with one partition for each five minutes of the day and one row for each day and model in it. It stays
/// as small as it is needed: whoever reads a partition deletes the rows that are too old.
/// </summary>
internal sealed class ArrivalTable(TableServiceClient tables)
{
    private const string Name = "arrivals";
    private const int MaxTries = 10;

    private readonly TableClient _table = tables.GetTableClient(Name);

    /// <summary>Adds to a count. Any number of processes may at once.</summary>
    public async Task AddAsync(Slot slot, string model, long count, CancellationToken cancellationToken)
    {
        await _table.CreateIfNotExistsAsync(cancellationToken);
        for (var tries = 1; ; tries++)
        {
            try
            {
                await TryAddAsync(slot, model, count, cancellationToken);
                return;
            }
            catch (RequestFailedException exception) when (JobStorage.IsConflict(exception) && tries < MaxTries)
            {
                // Another gateway counted at the same time.
            }
        }
    }

    /// <summary>How many requests for each model came at this time of day, on average over the last <paramref name="days"/> days.</summary>
    public async Task<IReadOnlyDictionary<string, double>> ExpectAsync(Slot slot, int days, CancellationToken cancellationToken)
    {
        await _table.CreateIfNotExistsAsync(cancellationToken);
        var oldest = new DateTimeOffset(slot.Day.AddDays(-days), TimeOnly.MinValue, TimeSpan.Zero);
        var today = new DateTimeOffset(slot.Day, TimeOnly.MinValue, TimeSpan.Zero);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var partition = slot.Partition;
        await foreach (var row in _table.QueryAsync<ArrivalRow>(row => row.PartitionKey == partition, cancellationToken: cancellationToken))
        {
            if (row.Day < oldest)
                await _table.DeleteEntityAsync(row, ETag.All, cancellationToken);
            else if (row.Day < today)
                counts[row.Model] = counts.GetValueOrDefault(row.Model) + row.Count;
        }

        // Divided once: seven sevenths, added one by one, are less than 1.
        return counts.ToDictionary(pair => pair.Key, pair => (double)pair.Value / days, StringComparer.Ordinal);
    }

    private async Task TryAddAsync(Slot slot, string model, long count, CancellationToken cancellationToken)
    {
        NullableResponse<ArrivalRow> found = await _table.GetEntityIfExistsAsync<ArrivalRow>(
            slot.Partition, slot.KeyOf(model), cancellationToken: cancellationToken);
        if (found.HasValue)
        {
            var row = found.Value!;
            row.Count += count;
            await _table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, cancellationToken);
            return;
        }

        await _table.AddEntityAsync(
            new ArrivalRow
            {
                PartitionKey = slot.Partition,
                RowKey = slot.KeyOf(model),
                Model = model,
                Day = new DateTimeOffset(slot.Day, TimeOnly.MinValue, TimeSpan.Zero),
                Count = count,
            },
            cancellationToken);
    }
}
