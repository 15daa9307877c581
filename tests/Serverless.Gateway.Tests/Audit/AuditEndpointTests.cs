using System.Net;
using Azure.Data.Tables;
using Serverless.Gateway.Audit;
using Serverless.Gateway.Tests.Jobs;

namespace Serverless.Gateway.Tests.Audit;

/// <summary>The log of a day on which much was done.</summary>
[Collection(JobsCollection.Name)]
public sealed class AuditEndpointTests(JobsFixture fixture)
{
    // More than a table answers at once.
    private const int Acts = 1_150;
    private const string Day = "2001-02-03";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_OfADayWithManyActs_PagesThroughEachOnceNewestFirst()
    {
        await WriteAsync();
        using var api = new JobApi(fixture.CreateClient("olga"));

        var (found, pages, after) = (new List<string>(), 0, "");
        while (true)
        {
            var page = await api.SendAsync(HttpMethod.Get, $"/v1/admin/audit?day={Day}&limit=500{after}");
            found.AddRange(page.GetProperty("data").EnumerateArray().Select(entry => JobApi.Text(entry, "what")));
            pages++;
            if (!page.GetProperty("has_more").GetBoolean())
                break;
            after = "&after=" + JobApi.Text(page, "last_id");
        }

        Assert.Equal(3, pages);
        Assert.Equal(Enumerable.Range(0, Acts).Select(act => $"POST /act/{act}"), found);
    }

    [Fact]
    public async Task List_AfterAttemptsWithoutRights_HasNoneOfThem()
    {
        using var tenant = new JobApi(fixture.CreateClient());
        using var api = new JobApi(fixture.CreateClient("olga"));
        await tenant.SendAsync(HttpMethod.Delete, "/v1/admin/tenants/tried-by-alice", expected: HttpStatusCode.Forbidden);
        await api.SendAsync(HttpMethod.Delete, "/v1/admin/tenants/done-by-olga");

        var page = await api.SendAsync(HttpMethod.Get, "/v1/admin/audit?limit=1000");

        var targets = page.GetProperty("data").EnumerateArray().Select(entry => JobApi.Text(entry, "target")).ToList();
        Assert.Contains("/v1/admin/tenants/done-by-olga", targets);
        Assert.DoesNotContain("/v1/admin/tenants/tried-by-alice", targets);
    }

    [Theory]
    [InlineData("limit=1001", "limit")]
    [InlineData("after=nobody", "after")]
    [InlineData("after=0000000000000000001%27%20or%20true", "after")]
    [InlineData("day=yesterday", "day")]
    public async Task List_WrongQuery_IsNamed(string query, string named)
    {
        using var api = new JobApi(fixture.CreateClient("olga"));

        var answer = await api.SendAsync(HttpMethod.Get, "/v1/admin/audit?" + query, expected: HttpStatusCode.BadRequest);

        Assert.Equal(named, JobApi.Text(answer.GetProperty("error"), "param"));
    }

    private async Task WriteAsync()
    {
        var table = fixture.Get<TableServiceClient>().GetTableClient("audit");
        await table.CreateIfNotExistsAsync(Token);
        var rows = Enumerable.Range(0, Acts).Select(act => new TableTransactionAction(TableTransactionActionType.UpsertReplace, new AuditRow
        {
            PartitionKey = Day.Replace("-", "", StringComparison.Ordinal),
            RowKey = $"{act:d19}00c0ffee",
            What = $"POST /act/{act}",
            Outcome = 200,
        }));
        // A transaction takes a hundred.
        foreach (var some in rows.Chunk(100))
            await table.SubmitTransactionAsync(some, Token);
    }
}
