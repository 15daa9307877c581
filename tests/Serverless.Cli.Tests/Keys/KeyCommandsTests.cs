using System.Collections.Concurrent;
using Serverless.Cli.Tests.Generation;

namespace Serverless.Cli.Tests.Keys;

public sealed class KeyCommandsTests : IDisposable
{
    private const string Secret = "inf_made-just-now";

    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ScriptedApi _api;

    public KeyCommandsTests() => _api = new ScriptedApi((request, body) =>
    {
        _asked.Enqueue($"{request} {body.GetRawText()}");
        return request switch
        {
            "GET /v1/admin/keys" => (200, $$"""{"object":"list","data":[{{Key("active", "1767225600")}},{{Key("revoked", "null")}}]}"""),
            "POST /v1/admin/keys" or "POST /v1/admin/keys/key_1/rotate" => (201, Key("active", "null", $""","key":"{Secret}" """)),
            "DELETE /v1/admin/keys/key_1" => (200, Key("revoked", "null")),
            _ => (404, """{"error":{"message":"There is no such key."}}"""),
        };
    });

    public void Dispose() => _api.Dispose();

    [Fact]
    public async Task Create_WithoutOptions_AsksForADefaultKeyAndShowsItOnce()
    {
        var run = await RunAsync("key", "create", "shop");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal("""POST /v1/admin/keys {"tenant":"shop","name":null,"operations":null,"models":null,"expires_in_days":null}""", Assert.Single(_asked));
        Assert.Single(run.Output.Split('\n'), line => line.TrimEnd() == Secret);
        Assert.Contains("not shown again", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_WithOptions_AsksForThem()
    {
        var run = await RunAsync(
            "key", "create", "shop", "--name", "till", "--may", "read", "--may", "infer", "--model", "minilm", "--days", "30");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """POST /v1/admin/keys {"tenant":"shop","name":"till","operations":["read","infer"],"models":["minilm"],"expires_in_days":30}""",
            Assert.Single(_asked));
    }

    [Fact]
    public async Task List_ShowsKeysWithoutTheirSecrets()
    {
        var run = await RunAsync("key", "list");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches("key_1 +│ shop +│ till +│ read, infer +│ minilm +│ active +│ 2026-01-01 00:00", run.Output);
        Assert.Matches("revoked +│ never", run.Output);
        Assert.DoesNotContain("inf_", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(86_400)]
    [InlineData(60, "--overlap", "60")]
    public async Task Rotate_TellsHowLongTheOldOneLivesAndShowsTheNew(int overlap, params string[] options)
    {
        var run = await RunAsync(["key", "rotate", "key_1", .. options]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("POST /v1/admin/keys/key_1/rotate {}", Assert.Single(_asked));
        Assert.Equal($"{overlap}", _api.Queries.Single()["overlap_seconds"]);
        Assert.Contains(Secret, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_ShowsTheKeyThatEnded()
    {
        var run = await RunAsync("key", "revoke", "key_1");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("DELETE /v1/admin/keys/key_1", Assert.Single(_asked), StringComparison.Ordinal);
        Assert.Contains("revoked", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_KeyThatDoesNotExist_FailsSayingSo()
    {
        var run = await RunAsync("key", "revoke", "a/../b");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("404: There is no such key.", run.Errors, StringComparison.Ordinal);
    }

    private static string Key(string status, string expires, string more = "") => $$"""
        {"object":"key","id":"key_1","tenant":"shop","name":"till","operations":["read","infer"],"models":["minilm"],
        "status":"{{status}}","expires_at":{{expires}}{{more}}}
        """;

    private Task<InferRun> RunAsync(params string[] arguments) => InferRun.OfAsync([.. arguments, "--url", _api.Url, "--key", "k"]);
}
