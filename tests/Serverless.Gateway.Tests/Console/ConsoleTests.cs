using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Serverless.Gateway.Console;
using Serverless.Gateway.Tests.Forwarding;

namespace Serverless.Gateway.Tests.Console;

public sealed class ConsoleTests
{
    private const int MaxPageBytes = 100 << 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/console", null)]
    [InlineData("/console/", null)]
    [InlineData("/console/main.js", "anybody:wrong")]
    [InlineData("/console/session", "key:")]
    [InlineData("/console/nothing", "key")]
    [InlineData("/console/models", "anybody:key\r\nx: y")]
    public async Task Any_WithoutAValidKey_Is401AndAsksForOne(string path, string? credentials)
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        using var response = await GetAsync(gateway, path, credentials);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Basic realm=\"inference console\", charset=\"UTF-8\"", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task Api_WithBasic_Is401()
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        using var response = await GetAsync(gateway, "/v2", "anybody:key");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Console_WithoutSlash_IsRedirectedToItsFolder()
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        using var response = await GetAsync(gateway, "/console", "anybody:key");

        Assert.Equal((HttpStatusCode.PermanentRedirect, "/console/"), (response.StatusCode, response.Headers.Location!.ToString()));
    }

    [Theory]
    [InlineData("/console/", "text/html")]
    [InlineData("/console/main.js", "text/javascript")]
    [InlineData("/console/console.css", "text/css")]
    [InlineData("/console/icon.svg", "image/svg+xml")]
    public async Task File_Known_HasTypeTagAndStrictHeaders(string path, string type)
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        using var first = await GetAsync(gateway, path, "anybody:key");
        using var again = await GetAsync(gateway, path, "anybody:key", ("If-None-Match", first.Headers.ETag!.ToString()));

        Assert.Equal((HttpStatusCode.OK, type), (first.StatusCode, first.Content.Headers.ContentType!.MediaType));
        Assert.Equal("no-cache, private", first.Headers.CacheControl!.ToString());
        Assert.StartsWith("default-src 'self';", Header(first, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", Header(first, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal(("nosniff", "DENY"), (Header(first, "X-Content-Type-Options"), Header(first, "X-Frame-Options")));
        Assert.Equal(("no-referrer", "same-origin"), (Header(first, "Referrer-Policy"), Header(first, "Cross-Origin-Resource-Policy")));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync(Token));
    }

    [Theory]
    [InlineData("/console/nothing.js")]
    [InlineData("/console/..%2fhost.json")]
    [InlineData("/console//etc/passwd")]
    [InlineData("/console/console/index.html")]
    public async Task File_Unknown_Is404(string path)
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        using var response = await GetAsync(gateway, path, "anybody:key");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Post_Anything_Is405()
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var client = gateway.CreateClient();

        using var response = await client.PostAsync("/console/session", null, Token);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("key", "test", false)]
    [InlineData("master", "operator", true)]
    public async Task Session_OfThePage_HoldsKeyAndTenant(string key, string tenant, bool isOperator)
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        using var response = await GetAsync(
            gateway, "/console/session", $"any body:{key}", (ConsoleEndpoints.PageHeader, "1"), ("Sec-Fetch-Site", "same-origin"));
        var session = JsonElement.Parse(await response.Content.ReadAsStringAsync(Token));

        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.Equal((key, tenant), (session.GetProperty("key").GetString(), session.GetProperty("tenant").GetString()));
        Assert.Equal(isOperator, session.GetProperty("operator").GetBoolean());
    }

    [Theory]
    [InlineData("x-other", "same-origin")]
    [InlineData(ConsoleEndpoints.PageHeader, "cross-site")]
    [InlineData(ConsoleEndpoints.PageHeader, "none")]
    public async Task Session_ForAnotherPage_Is403WithoutTheKey(string header, string site)
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        using var response = await GetAsync(gateway, "/console/session", "anybody:master", (header, "1"), ("Sec-Fetch-Site", site));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.DoesNotContain("master", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_WithNoReplica_AreListedAndNoneIsWoken()
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);

        using var response = await GetAsync(gateway, "/console/models", "anybody:key");
        var list = JsonElement.Parse(await response.Content.ReadAsStringAsync(Token));

        Assert.False(list.GetProperty("awake").GetBoolean());
        var model = Assert.Single(list.GetProperty("data").EnumerateArray());
        Assert.Equal((GatewayFixture.Model, 1), (model.GetProperty("id").GetString(), model.GetProperty("version").GetInt32()));
        Assert.Equal(0, worker.WakeUps);
        Assert.Empty(worker.Bodies);
    }

    [Fact]
    public async Task Page_AllFiles_AreSmallAndNameNoOtherHost()
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        var bytes = 0;
        foreach (var name in gateway.Get<ConsoleFiles>().Names)
        {
            using var response = await GetAsync(gateway, $"/console/{name}", "anybody:key");
            var text = await response.Content.ReadAsStringAsync(Token);
            bytes += Encoding.UTF8.GetByteCount(text);

            // The name of SVG's vocabulary is no address.
            Assert.DoesNotContain("//", text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal)
                .Replace("// ", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotContain("innerHTML", text, StringComparison.Ordinal);
        }

        Assert.InRange(bytes, 10_000, MaxPageBytes);
    }

    private static async Task<HttpResponseMessage> GetAsync(
        GatewayFixture gateway, string path, string? credentials, params (string Name, string Value)[] headers)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{gateway.Url}{path[1..]}"));
        if (credentials is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request, Token);
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
