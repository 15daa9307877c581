using System.Net;
using System.Text;
using System.Text.Json;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Console;
using Serverless.Gateway.Http;
using Serverless.Gateway.Tests.Jobs;

namespace Serverless.Gateway.Tests.Security;

/// <summary>Who may do what: every endpoint with every kind of key and token, and the exact status.</summary>
[Collection(JobsCollection.Name)]
public sealed class SecurityTableTests(JobsFixture fixture) : IDisposable
{
    // A redirect is an answer of its own.
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = fixture.Url };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public void Table_EveryFunction_HasARow() => Assert.Equal(
        GatewayFunctions.All.Select(function => function.Name).Except(SecurityTable.Open).Order(StringComparer.Ordinal),
        SecurityTable.Rows.Select(row => row.Function).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Table_EveryForwardedRoute_HasARow()
    {
        foreach (var route in RouteTable.Routes.Where(route => route.Segments is not ["v2", "health", ..]))
        {
            foreach (var method in route.Methods)
                Assert.Contains(SecurityTable.Rows, row => row.Header is null && row.Method == method && route.Matches(row.Path.Split('/').AsSpan(1)));
        }
    }

    [Fact]
    public void Table_WhatIsAnsweredLater_HasARowForBothWaysToAsk()
    {
        var endpoints = SecurityTable.Rows.Where(row => QueuedRequest.IsEndpoint(row.Path)).Select(row => row.Path).Distinct().ToList();

        Assert.All(endpoints, path =>
        {
            Assert.Contains(SecurityTable.Rows, row => row.Path == path && row.Header is not null);
            Assert.Contains(SecurityTable.Rows, row => row.Path == "/v1/async" + (path.StartsWith("/v1", StringComparison.Ordinal) ? path[3..] : path));
        });
        Assert.Equal(5, endpoints.Count);
    }

    [Fact]
    public void Table_EveryPathThatEndpointsTellApart_HasARow()
    {
        var patterns = DispatchedPaths.Find();

        Assert.All(patterns, pattern => Assert.Contains(SecurityTable.Rows, row => pattern.IsMatch(row.Path)));
        Assert.InRange(patterns.Count, 25, 100);
    }

    [Fact]
    public async Task Table_EveryMethodThatAPathAllows_HasARow()
    {
        foreach (var path in SecurityTable.Rows.Select(row => row.Path).Where(path => !path.EndsWith("/nothing", StringComparison.Ordinal)).Distinct())
        {
            using var message = new HttpRequestMessage(HttpMethod.Trace, path);
            message.Headers.Add("api-key", "olga");
            using var response = await _client.SendAsync(message, Token);

            Assert.True(response.StatusCode == HttpStatusCode.MethodNotAllowed, $"{path}: {response.StatusCode}");
            Assert.NotEmpty(response.Content.Headers.Allow);
            foreach (var method in response.Content.Headers.Allow.Where(method => method != "HEAD" || path == "/console/"))
                Assert.Contains(SecurityTable.Rows, row => row.Request == $"{method} {path}");
        }
    }

    [Fact]
    public async Task Table_EveryKey_GetsTheExactStatus()
    {
        var expired = await KeyAsync("""{"tenant":"t1","expires_in_days":1}""");
        Assert.Equal(200, await SendAsync(SecurityTable.Rows[0], "api-key", expired));
        fixture.Time.Advance(TimeSpan.FromDays(1));
        string?[] invalid = [null, "inf_" + new string('x', 43), "wrong", expired, await ReplacedAsync(), await RevokedAsync()];

        await CheckAsync("t1", "api-key", invalid, new SecurityCallers(
            await KeyAsync("""{"tenant":"t1","operations":["read"]}"""),
            await KeyAsync("""{"tenant":"t1","models":["another"]}"""),
            await KeyAsync("""{"tenant":"t1","models":["small"]}"""),
            await KeyAsync("""{"tenant":"t2"}"""),
            await KeyAsync("""{"tenant":"ops","operations":["read","infer","write","admin"]}""")));
    }

    [Fact]
    public async Task Table_EveryToken_GetsTheExactStatus()
    {
        var tokens = new SecurityTokens(fixture);

        await CheckAsync("entra:" + SecurityTokens.Tenant, "Authorization", tokens.Invalid(), new SecurityCallers(
            tokens.Of(SecurityTokens.Tenant, "Inference.Reader"),
            null,
            tokens.Of(SecurityTokens.Tenant, "Inference.User"),
            tokens.Of("stranger", "Inference.User"),
            tokens.Of("operator", "Inference.Admin")));
        foreach (var row in SecurityTable.Rows)
            Assert.Equal(403, await SendAsync(row, "Authorization", tokens.Of(SecurityTokens.Tenant, "Another.Role")));
    }

    [Fact]
    public async Task Table_WhatOthersTry_LeavesAllAsItWas()
    {
        var owned = new OwnedResources(fixture, "t1");
        var owner = await KeyAsync("""{"tenant":"t1"}""");
        string?[] others = [null, await KeyAsync("""{"tenant":"t2"}"""), "olga"];
        foreach (var own in new[] { "/v1/files/{file}", "/v1/batches/{batch}", "/v1/async/operations/{operation}" })
        {
            var path = await owned.FillAsync(own);
            var before = await ReadAsync(path, owner);
            foreach (var row in SecurityTable.Rows.Where(row => row.Path.StartsWith(own, StringComparison.Ordinal)))
            {
                foreach (var other in others)
                    await SendAsync(row with { Request = row.Request.Replace(own, path, StringComparison.Ordinal) }, "api-key", other);
            }

            Assert.Equal(before, await ReadAsync(path, owner));
        }
    }

    [Fact]
    public async Task Table_AnyMethodWithoutAKey_IsRefused()
    {
        foreach (var (name, trigger, _) in GatewayFunctions.All.Where(function => !SecurityTable.Open.Contains(function.Name)))
        {
            foreach (var row in SecurityTable.Rows.Where(row => row.Function == name).DistinctBy(row => row.Path))
            {
                foreach (var method in trigger.Methods!)
                    Assert.Equal(401, await SendAsync(row with { Request = $"{method.ToUpperInvariant()} {row.Path}", Body = null }, "api-key", null));
            }
        }
    }

    [Fact]
    public async Task Console_EveryFile_IsForThoseWithAKey()
    {
        foreach (var name in fixture.Get<ConsoleFiles>().Names)
        {
            var row = new SecurityRow("console", $"GET /console/{name}", null, 200, 200, 200, 200, 200);

            Assert.Equal((401, 200), (await SendAsync(row, "api-key", null), await SendAsync(row, "api-key", "alice")));
        }
    }

    [Theory]
    [InlineData("health-live", "/health/live")]
    [InlineData("health-ready", "/health/ready")]
    [InlineData("open-inference-health-live", "/v2/health/live")]
    [InlineData("open-inference-health-ready", "/v2/health/ready")]
    public async Task Probe_WithoutAKey_IsOpen(string function, string path)
    {
        Assert.Contains(function, SecurityTable.Open);
        foreach (var key in new[] { null, "wrong", "alice" })
            Assert.Equal(200, await SendAsync(new(function, $"GET {path}", null, 200, 200, 200, 200, 200), "api-key", key));
    }

    private async Task CheckAsync(string tenant, string header, string?[] invalid, SecurityCallers callers)
    {
        var owned = new OwnedResources(fixture, tenant);
        var faults = new List<string>();
        foreach (var row in SecurityTable.Rows)
        {
            foreach (var (caller, secret, expected) in invalid.Select((secret, i) => ($"invalid {i}", secret, 401)).Concat(callers.Of(row)))
            {
                var filled = row with { Request = await owned.FillAsync(row.Request), Body = row.Body is null ? null : await owned.FillAsync(row.Body) };
                var status = await SendAsync(filled, header, secret);
                if (status != expected)
                    faults.Add($"{row.Request} {row.Header}, {caller}: {status} in place of {expected}");
            }
        }

        Assert.Empty(faults);
    }

    private async Task<int> SendAsync(SecurityRow row, string header, string? secret)
    {
        using var message = new HttpRequestMessage(HttpMethod.Parse(row.Method), row.Path);
        if (secret is not null)
            message.Headers.Add(header, header == "Authorization" ? $"Bearer {secret}" : secret);
        if (row.Header?.Split(": ") is [var name, var value])
            message.Headers.Add(name, value);
        if (row.Body is not null)
            message.Content = new StringContent(row.Body, Encoding.UTF8, "application/json");
        using var response = await _client.SendAsync(message, Token);
        return (int)response.StatusCode;
    }

    private async Task<string> ReadAsync(string path, string key)
    {
        using var client = fixture.CreateClient(key);
        return await client.GetStringAsync(path, Token);
    }

    private async Task<string> KeyAsync(string body) => (await CreateAsync("/v1/admin/keys", body)).GetProperty("key").GetString()!;

    /// <summary>A key whose place another one took, without overlap.</summary>
    private async Task<string> ReplacedAsync()
    {
        var key = await CreateAsync("/v1/admin/keys", """{"tenant":"t1"}""");
        await CreateAsync($"/v1/admin/keys/{key.GetProperty("id")}/rotate?overlap_seconds=0", "");
        return key.GetProperty("key").GetString()!;
    }

    private async Task<string> RevokedAsync()
    {
        var key = await CreateAsync("/v1/admin/keys", """{"tenant":"t1"}""");
        using var client = fixture.CreateClient("olga");
        using var response = await client.DeleteAsync($"/v1/admin/keys/{key.GetProperty("id")}", Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return key.GetProperty("key").GetString()!;
    }

    private async Task<JsonElement> CreateAsync(string path, string body)
    {
        using var client = fixture.CreateClient("olga");
        using var response = await client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), Token);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
    }
}
