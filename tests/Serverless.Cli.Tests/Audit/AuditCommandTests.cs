using Serverless.Cli.Tests.Generation;

namespace Serverless.Cli.Tests.Audit;

public sealed class AuditCommandTests
{
    [Fact]
    public async Task Audit_OfADay_TellsWhatWasNotFinished()
    {
        using var api = new ScriptedApi(_ => (200, """
            {"object":"list","data":[
            {"at":0,"who":"olga","credential":"k","what":"POST /a","target":"/a","from":"::1","status":"finished","outcome":201},
            {"at":0,"who":"olga","credential":"k","what":"POST /b","target":"/b","from":"::1","status":"unfinished","outcome":null}],"has_more":false}
            """));

        var run = await InferRun.OfAsync("audit", "--url", api.Url, "--key", "k");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches("/a +│ ::1 +│ 201", run.Output);
        Assert.Matches("/b +│ ::1 +│ unfinished", run.Output);
    }

    [Fact]
    public async Task Audit_OfADayWithManyActs_AsksForEveryPage()
    {
        var pages = 0;
        using var api = new ScriptedApi(_ => (200, $$"""
            {"object":"list","data":[
            {"at":0,"who":"olga","credential":"k","what":"POST /{{++pages}}","target":"/{{pages}}","from":"::1","status":"finished","outcome":201}],
            "last_id":"id-{{pages}}","has_more":{{(pages < 3 ? "true" : "false")}}}
            """));

        var run = await InferRun.OfAsync("audit", "--url", api.Url, "--key", "k");

        Assert.Equal(3, pages);
        Assert.All(Enumerable.Range(1, 3), page => Assert.Contains($"POST /{page}", run.Output, StringComparison.Ordinal));
        Assert.Equal(["", "id-1", "id-2"], api.Queries.Select(query => query["after"] ?? ""));
    }
}
