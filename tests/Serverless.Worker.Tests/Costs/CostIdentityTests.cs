using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Azure.Data.Tables;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Serverless.Contracts.Costs;
using Serverless.Contracts.Http;
using Serverless.Contracts.Telemetry;
using Serverless.Models.Manifest;
using Serverless.SampleModels;
using Serverless.TestKit;

namespace Serverless.Worker.Tests.Costs;

/// <summary>
/// What a worker with a real model charges under load, beside what the replica costs. Not beside other tests: a charge's time is when it is
/// told, and that must not be a hundredth of the load after its interval's end.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class CostIdentityTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private const double PricePerSecond = 0.5;

    private static readonly TimeSpan Load = TimeSpan.FromSeconds(8);

    // No two charges of one interval are as far apart; a tick that was late may be followed by the next one soon.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private static readonly string[] Tenants = ["acme", "globex"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Charges_OfTwoTenantsUnderLoad_AddUpToTheReplicasSecondsWithinOnePercent()
    {
        await using var worker = await RunningWorker.StartAsync(
            $"--Storage={azurite.ConnectionString}",
            "--Worker:Costs:Vcpus=4", "--Worker:Costs:VcpuSecond=0.125", "--Worker:Costs:Interval=00:00:01");
        using var charged = new MetricCollector<double>(
            worker.Services.GetRequiredService<IMeterFactory>(), MetricNames.WorkerMeter, MetricNames.CostCharged);
        await PushAsync(worker);

        await Task.WhenAll(Tenants.Select(tenant => AskAsync(worker, tenant)));
        await worker.StopAsync();

        var charges = charged.GetMeasurementSnapshot();
        var end = charges[^1].Timestamp;
        // The replica is this process, which has lived longer than the worker in it.
        using var process = Process.GetCurrentProcess();
        var rows = await RowsAsync();
        var total = rows.Sum(row => (double)row.GetInt64(CostTables.Nanos)!) / CostTables.NanosPerUnit;
        AssertWithinOnePercent((end - process.StartTime.ToUniversalTime()).TotalSeconds * PricePerSecond, total);

        // From one closed interval's end to the last one's.
        var first = charges.Zip(charges.Skip(1), (charge, next) => (charge, Gap: next.Timestamp - charge.Timestamp))
            .First(pair => pair.charge.Value > 0 && pair.Gap > Pause).charge.Timestamp;
        var since = charges.Where(charge => charge.Timestamp > first).Sum(charge => charge.Value);
        AssertWithinOnePercent((end - first).TotalSeconds * PricePerSecond, since);
        Assert.Superset(Tenants.ToHashSet(), rows.Select(row => row.GetString(CostTables.Tenant)).ToHashSet());
    }

    private static async Task PushAsync(RunningWorker worker)
    {
        using var folder = new TemporaryFolder();
        var (graph, vocabulary) = MiniLm.WriteTo(folder.Path);
        await worker.PushAsync("minilm", ModelTasks.TextEmbedding, graph, vocabulary);
    }

    private static async Task AskAsync(RunningWorker worker, string tenant)
    {
        using var client = new HttpClient { BaseAddress = worker.Client.BaseAddress };
        client.DefaultRequestHeaders.Add(InferenceHeaders.Tenant, tenant);
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < Load)
        {
            using var answer = await client.PostAsJsonAsync("/v1/embeddings", new { model = "minilm", input = $"a text of {tenant}" }, Token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private async Task<List<TableEntity>> RowsAsync() =>
        await new TableClient(azurite.ConnectionString, CostTables.Costs).QueryAsync<TableEntity>(cancellationToken: Token).ToListAsync(Token);

    private static void AssertWithinOnePercent(double expected, double actual) => Assert.InRange(actual / expected, 0.99, 1.01);
}
