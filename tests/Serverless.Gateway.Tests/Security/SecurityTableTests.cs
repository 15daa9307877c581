using System.Net;
using System.Text;
using System.Text.Json;
using Serverless.Gateway.Http;
using Serverless.Gateway.Tests.Jobs;

namespace Serverless.Gateway.Tests.Security;

/// <summary>Who may do what: every endpoint with every kind of key, and the exact status.</summary>
[Collection(JobsCollection.Name)]
public sealed class SecurityTableTests(JobsFixture fixture)
{
    private const string Chat = """{"model":"small","messages":[]}""";
    private const string Input = """{"model":"small","input":"a"}""";
    private const string Lines = """{"input_file_id":"file-none","endpoint":"/v1/embeddings","completion_window":"24h"}""";

    // Nothing with this id exists: a key that gets as far as the look-up is told so.
    private const string Id = "0000000000000000000000000000";

    /// <summary>
    /// Function, request, body; then the status for: a reader's key, a key for another model, a tenant's key, another tenant's key, an
    /// operator's. Without a valid key it is 401, except where all of them are the same: those are open to anybody.
    /// </summary>
    private static readonly (string Function, string Request, string? Body, int Reader, int OtherModel, int Tenant, int Stranger, int Admin)[] Rows =
    [
        ("open-inference", "GET /v2", null, 200, 200, 200, 200, 200),
        ("open-inference", "GET /v2/models/small", null, 200, 403, 200, 200, 200),
        ("open-inference", "GET /v2/models/small/ready", null, 200, 403, 200, 200, 200),
        ("open-inference", "GET /v2/models/small/stats", null, 200, 403, 200, 200, 200),
        ("open-inference", "GET /v2/models/small/versions/1", null, 200, 403, 200, 200, 200),
        ("open-inference", "POST /v2/models/small/infer", "{}", 403, 403, 200, 200, 200),
        ("open-inference", "POST /v2/models/small/generate", "{}", 403, 403, 200, 200, 200),
        ("open-inference", "POST /v2/models/small/generate_stream", "{}", 403, 403, 200, 200, 200),
        ("open-inference", "POST /v2/models/small/versions/1/infer", "{}", 403, 403, 200, 200, 200),
        ("open-inference", "POST /v2/repository/index", "{}", 403, 403, 403, 403, 200),
        ("open-inference", "POST /v2/repository/models/small/load", "{}", 403, 403, 403, 403, 200),
        ("open-inference", "POST /v2/repository/models/small/unload", "{}", 403, 403, 403, 403, 200),
        ("open-inference", "GET /v2/repository/models/small/settings", null, 403, 403, 403, 403, 200),
        ("open-inference", "GET /v2/repository/models/small/shadow", null, 403, 403, 403, 403, 200),
        ("open-inference", "PATCH /v2/repository/models/small/settings", "{}", 403, 403, 403, 403, 200),
        ("models", "GET /v1/models", null, 200, 200, 200, 200, 200),
        ("models", "GET /v1/models/small", null, 200, 403, 200, 200, 200),
        ("openai", "POST /v1/embeddings", Input, 403, 403, 200, 200, 200),
        ("openai", "POST /v1/completions", Chat, 403, 403, 200, 200, 200),
        ("openai", "POST /v1/chat/completions", Chat, 403, 403, 200, 200, 200),
        ("openapi", "GET /openapi.json", null, 200, 200, 200, 200, 200),
        ("openapi-page", "GET /scalar", null, 200, 200, 200, 200, 200),
        ("files", "GET /v1/files", null, 200, 200, 200, 200, 200),
        ("files", "GET /v1/files/file-" + Id, null, 404, 404, 404, 404, 404),
        ("files", "GET /v1/files/file-" + Id + "/content", null, 404, 404, 404, 404, 404),
        ("files", "DELETE /v1/files/file-" + Id, null, 403, 404, 404, 404, 404),
        ("files", "POST /v1/files", "{}", 403, 415, 415, 415, 415),
        ("batches", "GET /v1/batches", null, 200, 200, 200, 200, 200),
        ("batches", "GET /v1/batches/batch_" + Id, null, 404, 404, 404, 404, 404),
        ("batches", "POST /v1/batches", Lines, 403, 400, 400, 400, 400),
        ("batches", "POST /v1/batches/batch_" + Id + "/cancel", null, 403, 404, 404, 404, 404),
        ("batches", "POST /v1/batches/batch_" + Id + "/redrive", null, 403, 404, 404, 404, 404),
        ("async", "GET /v1/async/operations/op_" + Id, null, 404, 404, 404, 404, 404),
        ("async", "DELETE /v1/async/operations/op_" + Id, null, 403, 404, 404, 404, 404),
        ("async", "POST /v1/async/embeddings", Input, 403, 403, 202, 202, 202),
        ("costs", "GET /v1/costs", null, 200, 200, 200, 200, 200),
        ("console", "GET /console/", null, 200, 200, 200, 200, 200),
        ("console", "GET /console/models", null, 200, 200, 200, 200, 200),
        ("console", "GET /console/session", null, 403, 403, 403, 403, 403),
        ("warm", "POST /v1/warm", "{}", 403, 403, 403, 403, 200),
        ("metrics", "GET /metrics", null, 403, 403, 403, 403, 200),
        ("job-maintenance", "POST /maintenance", null, 403, 403, 403, 403, 200),
        ("tenant-keys", "GET /v1/admin/keys", null, 403, 403, 403, 403, 200),
        ("tenant-keys", "POST /v1/admin/keys", "{}", 403, 403, 403, 403, 400),
        ("tenant-keys", "GET /v1/admin/keys/key_none", null, 403, 403, 403, 403, 404),
        ("tenant-keys", "DELETE /v1/admin/keys/key_none", null, 403, 403, 403, 403, 404),
        ("tenant-keys", "POST /v1/admin/keys/key_none/rotate", null, 403, 403, 403, 403, 404),
        ("tenants", "GET /v1/admin/tenants", null, 403, 403, 403, 403, 200),
        ("tenants", "GET /v1/admin/tenants/none", null, 403, 403, 403, 403, 200),
        ("tenants", "PUT /v1/admin/tenants/none", "{}", 403, 403, 403, 403, 400),
        ("tenants", "DELETE /v1/admin/tenants/none", null, 403, 403, 403, 403, 200),
        ("audit", "GET /v1/admin/audit", null, 403, 403, 403, 403, 200),
    ];

    private static readonly string[] Open = ["health-live", "health-ready", "open-inference-health-live", "open-inference-health-ready"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Table_EveryFunctionAndRoute_HasARow()
    {
        Assert.Equal(
            GatewayFunctions.All.Select(function => function.Name).Except(Open).Order(StringComparer.Ordinal),
            Rows.Select(row => row.Function).Distinct().Order(StringComparer.Ordinal));

        var requests = Rows.Select(row => row.Request.Split(' ')).Select(parts => (Method: parts[0], Path: parts[1].Split('/')[1..])).ToList();
        foreach (var route in RouteTable.Routes.Where(route => route.Segments is not (["v2", "health", ..] or ["scalar", null] or [.., "versions", null, _])))
        {
            foreach (var method in route.Methods)
                Assert.Contains(requests, request => request.Method == method && route.Matches(request.Path));
        }
    }

    [Fact]
    public async Task Table_EveryKey_GetsTheExactStatus()
    {
        var reader = await KeyAsync("""{"tenant":"t1","operations":["read"]}""");
        var otherModel = await KeyAsync("""{"tenant":"t1","models":["another"]}""");
        var tenant = await KeyAsync("""{"tenant":"t1","models":["small"]}""");
        var stranger = await KeyAsync("""{"tenant":"t2"}""");
        var admin = await KeyAsync("""{"tenant":"ops","operations":["read","infer","write","admin"]}""");
        var expired = await ExpiredAsync();
        var faults = new List<string>();
        foreach (var row in Rows)
        {
            (string? Key, int Expected)[] cells =
            [
                (null, 401), ("inf_" + new string('x', 43), 401), ("wrong", 401), (expired, 401), (reader, row.Reader),
                (otherModel, row.OtherModel), (tenant, row.Tenant), (stranger, row.Stranger), (admin, row.Admin),
            ];
            for (var i = 0; i < cells.Length; i++)
            {
                var status = await SendAsync(row.Request, row.Body, cells[i].Key);
                if (status != cells[i].Expected)
                    faults.Add($"{row.Request}, key {i}: {status} in place of {cells[i].Expected}");
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    public async Task Probes_WithoutAKey_AreOpen()
    {
        foreach (var path in new[] { "/health/live", "/v2/health/live" })
            Assert.Equal(200, await SendAsync("GET " + path, null, null));
    }

    private async Task<int> SendAsync(string request, string? body, string? key)
    {
        using var client = new HttpClient { BaseAddress = fixture.Url };
        var parts = request.Split(' ');
        using var message = new HttpRequestMessage(HttpMethod.Parse(parts[0]), parts[1]);
        if (key is not null)
            message.Headers.Add("api-key", key);
        if (body is not null)
            message.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(message, Token);
        return (int)response.StatusCode;
    }

    private async Task<string> KeyAsync(string body)
    {
        using var client = fixture.CreateClient("olga");
        using var response = await client.PostAsync("/v1/admin/keys", new StringContent(body, Encoding.UTF8, "application/json"), Token);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("key").GetString()!;
    }

    /// <summary>A key whose place another one took a moment ago, without overlap.</summary>
    private async Task<string> ExpiredAsync()
    {
        using var client = fixture.CreateClient("olga");
        using var made = await client.PostAsync("/v1/admin/keys", new StringContent("""{"tenant":"t3"}""", Encoding.UTF8, "application/json"), Token);
        var key = await made.Content.ReadFromJsonAsync<JsonElement>(Token);
        using var rotated = await client.PostAsync($"{made.Headers.Location}/rotate?overlap_seconds=0", null, Token);
        Assert.Equal(HttpStatusCode.Created, rotated.StatusCode);
        return key.GetProperty("key").GetString()!;
    }
}
