using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Azure.Data.Tables;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Async;
using Serverless.Gateway.Batches;
using Serverless.Gateway.Files;
using Serverless.Gateway.Tests.Jobs;

namespace Serverless.Gateway.Tests.Security;

/// <summary>What another tenant has is not there, and takes as long not to be there as what nobody has.</summary>
[Collection(JobsCollection.Name)]
public sealed class IsolationTests(JobsFixture fixture)
{
    private const int Ids = 1000;
    private const int Kinds = 3;
    private const string Stranger = "t-stranger";

    // A table read takes milliseconds, and a machine of tests is shared: a leak that costs a second read doubles the time.
    private const double LargestRatio = 1.7;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_ThousandIdsOfAnotherTenant_AreNotThereInEqualTime()
    {
        var foreign = await AddAsync();
        using var client = fixture.CreateClient();
        for (var i = 0; i < 100; i++)
            await TimeAsync(client, PathOf(i, NewId()));
        var times = Enumerable.Range(0, Kinds).Select(_ => (Theirs: new List<double>(), Nobodys: new List<double>())).ToList();

        // In turns, so that whatever else the machine does falls on both.
        for (var i = 0; i < Ids; i++)
        {
            times[i % Kinds].Theirs.Add(await TimeAsync(client, foreign[i]));
            times[i % Kinds].Nobodys.Add(await TimeAsync(client, PathOf(i, NewId())));
        }

        // Files, batches and operations each: one that is slow would be lost among the others.
        Assert.All(times, kind => Assert.InRange(Median(kind.Theirs) / Median(kind.Nobodys), 1 / LargestRatio, LargestRatio));
    }

    private async Task<List<string>> AddAsync()
    {
        var paths = new List<string>();
        var now = fixture.Time.GetUtcNow();
        var operations = fixture.Get<TableServiceClient>().GetTableClient(AsyncOperations.Table);
        await operations.CreateIfNotExistsAsync(Token);
        for (var i = 0; i < Ids; i++)
        {
            var id = NewId();
            paths.Add(PathOf(i, id));
            await ((i % Kinds) switch
            {
                0 => fixture.Get<FileTable>().AddAsync(new FileRow { PartitionKey = Stranger, RowKey = "file-" + id, CreatedAt = now }, Token),
                1 => fixture.Batches.AddAsync(new BatchRow { PartitionKey = "batch_" + id, Tenant = Stranger, CreatedAt = now, ExpiresAt = now.AddDays(1) }, Token),
                _ => operations.AddEntityAsync(
                    new OperationRow { PartitionKey = Stranger, RowKey = AsyncOperations.IdPrefix + id, CreatedAt = now, ExpiresAt = now.AddDays(1) }, Token),
            });
        }

        return paths;
    }

    private static string PathOf(int i, string id) => (i % Kinds) switch
    {
        0 => "/v1/files/file-" + id,
        1 => "/v1/batches/batch_" + id,
        _ => "/v1/async/operations/" + AsyncOperations.IdPrefix + id,
    };

    private static async Task<double> TimeAsync(HttpClient client, string path)
    {
        var start = Stopwatch.GetTimestamp();
        using var response = await client.GetAsync(path, Token);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static string NewId() =>
        DateTime.UnixEpoch.Ticks.ToString("x12", CultureInfo.InvariantCulture)[..12] + RandomNumberGenerator.GetHexString(16, lowercase: true);

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
