using System.Net;
using System.Text;
using System.Text.Json;
using Serverless.Gateway.Audit;
using Serverless.Gateway.Authentication.Keys;
using Serverless.Gateway.Tests.Jobs;

namespace Serverless.Gateway.Tests.Authentication.Keys;

[Collection(JobsCollection.Name)]
public sealed class KeyEndpointsTests(JobsFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_Key_IsShownOnceAndWorks()
    {
        var (id, key) = await CreateAsync("""{"tenant":"shown","name":"n","operations":["read"],"models":["small"],"expires_in_days":1}""");

        var listed = await OperatorAsync(HttpMethod.Get, "/v1/admin/keys/" + id);

        Assert.True(KeyText.Is(key));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(key));
        Assert.Equal("shown", listed.GetProperty("tenant").GetString());
        Assert.False(listed.TryGetProperty("key", out _));
        Assert.DoesNotContain(key, (await OperatorAsync(HttpMethod.Get, "/v1/admin/keys")).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotate_WithOverlap_BothWorkUntilItIsOver()
    {
        var (id, old) = await CreateAsync("""{"tenant":"rotated"}""");

        var successor = (await OperatorAsync(HttpMethod.Post, $"/v1/admin/keys/{id}/rotate?overlap_seconds=60", expected: HttpStatusCode.Created))
            .GetProperty("key").GetString()!;

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(old));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(successor));
        fixture.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(old));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(successor));
        await OperatorAsync(HttpMethod.Post, $"/v1/admin/keys/{id}/rotate", expected: HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Rotate_AfterOneThatWasCutOff_MakesTheSuccessorThatIsMissing()
    {
        var (id, old) = await CreateAsync("""{"tenant":"cut-off"}""");
        var table = fixture.Get<KeyTable>();
        var row = await table.GetAsync(id, Token);
        (row.ReplacedBy, row.ExpiresAt) = (ApiKeyRow.IdPrefix + new string('0', ApiKeyRow.IdDigits), fixture.Time.GetUtcNow().AddMinutes(1));
        await table.ChangeAsync(row, Token);

        var successor = (await OperatorAsync(HttpMethod.Post, $"/v1/admin/keys/{id}/rotate?overlap_seconds=60", expected: HttpStatusCode.Created))
            .GetProperty("key").GetString()!;

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(old));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(successor));
    }

    [Fact]
    public async Task Revoke_InAnotherGateway_HoldsWithinTheBound()
    {
        var (id, key) = await CreateAsync("""{"tenant":"revoked"}""");
        var elsewhere = new KeyRing(fixture.Get<KeyTable>(), fixture.Time);
        var hash = Gateway.Authentication.KeyHash.Of(key);
        Assert.NotNull(await elsewhere.FindAsync(hash));

        await OperatorAsync(HttpMethod.Delete, "/v1/admin/keys/" + id);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(key));
        fixture.Time.Advance(KeyRing.Lifetime);
        Assert.Null(await elsewhere.FindAsync(hash));
    }

    [Theory]
    [InlineData("{}", "tenant")]
    [InlineData("""{"tenant":"entra:x"}""", "tenant")]
    [InlineData("""{"tenant":"idle"}""", "tenant")]
    [InlineData("""{"tenant":"others"}""", "tenant")]
    [InlineData("""{"tenant":"t","operations":["fly"]}""", "read, infer, write, admin")]
    [InlineData("""{"tenant":"t","operations":[]}""", "read, infer, write, admin")]
    [InlineData("""{"tenant":"t","models":["a:1"]}""", "models")]
    [InlineData("""{"tenant":"t","expires_in_days":0}""", "3650")]
    [InlineData("""{"tenant":"t","admin":true}""", "operations")]
    [InlineData("nonsense", "JSON")]
    public async Task Create_WrongRequest_SaysWhatIsWrong(string body, string named)
    {
        var answer = await OperatorAsync(HttpMethod.Post, "/v1/admin/keys", body, HttpStatusCode.BadRequest);

        Assert.Contains(named, answer.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_OfWhatWasDone_NamesItWithoutTheKey()
    {
        var (id, key) = await CreateAsync("""{"tenant":"audited"}""");

        var log = (await OperatorAsync(HttpMethod.Get, $"/v1/admin/audit?limit=1000&day={fixture.Time.GetUtcNow():yyyy-MM-dd}")).GetProperty("data");

        var entry = log.EnumerateArray().Single(entry => entry.GetProperty("target").GetString() == "/v1/admin/keys/" + id);
        Assert.Equal("olga", entry.GetProperty("who").GetString());
        Assert.Equal("POST /v1/admin/keys", entry.GetProperty("what").GetString());
        Assert.Equal("finished", entry.GetProperty("status").GetString());
        Assert.Equal(201, entry.GetProperty("outcome").GetInt32());
        Assert.DoesNotContain(key, log.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_OfAnActWhoseGatewayDied_SaysUnfinished()
    {
        // What a gateway has done that is killed within the act.
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.Path) = ("DELETE", "/v1/admin/keys/key-of-the-dead-gateway");
        await fixture.Get<AuditLog>().BeginAsync(context, new Gateway.Authentication.Caller("olga", Gateway.Authentication.Operations.Admin));

        var log = (await OperatorAsync(HttpMethod.Get, $"/v1/admin/audit?limit=1000&day={fixture.Time.GetUtcNow():yyyy-MM-dd}")).GetProperty("data");

        var entry = log.EnumerateArray().Single(entry => entry.GetProperty("target").GetString() == context.Request.Path);
        Assert.Equal("unfinished", entry.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, entry.GetProperty("outcome").ValueKind);
    }

    private async Task<(string Id, string Key)> CreateAsync(string body)
    {
        var made = await OperatorAsync(HttpMethod.Post, "/v1/admin/keys", body, HttpStatusCode.Created);
        return (made.GetProperty("id").GetString()!, made.GetProperty("key").GetString()!);
    }

    private async Task<JsonElement> OperatorAsync(HttpMethod method, string path, string? body = null, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var client = fixture.CreateClient("olga");
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == expected, $"{response.StatusCode}: {text}");
        return JsonElement.Parse(text);
    }

    private async Task<HttpStatusCode> StatusAsync(string key)
    {
        using var client = fixture.CreateClient(key);
        using var response = await client.GetAsync("/v1/models", Token);
        return response.StatusCode;
    }
}
