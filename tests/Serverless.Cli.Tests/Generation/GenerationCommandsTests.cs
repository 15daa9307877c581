namespace Serverless.Cli.Tests.Generation;

public sealed class GenerationCommandsTests
{
    [Fact]
    public async Task Chat_LinesOfAPipe_KeepTheirHistoryUntilReset()
    {
        using var api = new ScriptedApi(_ => ScriptedApi.Chat("Hel", "lo"));

        var run = await InferRun.WithInputAsync(
            "first\n\nsecond\n/reset\nthird\n/exit\nnever\n", "chat", "m", "--system", "Be kind.", "--max-tokens", "9", "--url", api.Url, "--key", "k");

        Assert.Equal((0, "Hello\nHello\nHello\n"), (run.ExitCode, run.Output.ReplaceLineEndings("\n")));
        const string system = """{"role":"system","content":"Be kind."}""";
        Assert.Equal(
            [
                $$"""[{{system}},{"role":"user","content":"first"}]""",
                $$"""[{{system}},{"role":"user","content":"first"},{"role":"assistant","content":"Hello"},{"role":"user","content":"second"}]""",
                $$"""[{{system}},{"role":"user","content":"third"}]""",
            ],
            api.Requests.Select(request => request.GetProperty("messages").GetRawText()));
        Assert.All(api.Requests, request => Assert.Equal(9, request.GetProperty("max_tokens").GetInt32()));
    }

    [Fact]
    public async Task Chat_Refused_EndsAPipeWithTheMessage()
    {
        using var api = new ScriptedApi(_ => (400, """{"error":{"message":"no template","type":"t","param":null,"code":"c"}}"""));

        var run = await InferRun.WithInputAsync("first\nsecond\n", "chat", "m", "--url", api.Url, "--key", "k");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no template", run.Errors, StringComparison.Ordinal);
        Assert.Single(api.Requests);
    }

    [Theory]
    [InlineData("data: {\"choices\":[{\"text\":\"a\"}]}\n\ndata: {\"error\":{\"message\":\"out of luck\"}}\n\n", "out of luck")]
    [InlineData("data: {\"choices\":[{\"text\":\"a\"}]}\n\n", "before its end")]
    public async Task Complete_AnswerBreaksOff_SaysSo(string answer, string reason)
    {
        using var api = new ScriptedApi(_ => (200, answer));

        var run = await InferRun.OfAsync("complete", "m", "once", "--url", api.Url, "--key", "k");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("a", run.Output, StringComparison.Ordinal);
        Assert.Contains(reason, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Complete_PromptFromStandardInput_ShowsTheTextWithoutControlCharacters()
    {
        using var api = new ScriptedApi(_ => (200, "data: {\"choices\":[{\"text\":\"a\\u001b[31mb\\n\"}]}\n\n: waiting\n\ndata: [DONE]\n\n"));

        var run = await InferRun.WithInputAsync(
            "In the\nbeginning", "complete", "m", "--temperature", "0", "--stop", "x", "--stop", "y", "--url", api.Url, "--key", "k");

        Assert.Equal((0, "a[31mb\n\n"), (run.ExitCode, run.Output.ReplaceLineEndings("\n")));
        var request = Assert.Single(api.Requests);
        Assert.Equal("In the\nbeginning", request.GetProperty("prompt").GetString());
        Assert.Equal("""["x","y"]""", request.GetProperty("stop").GetRawText());
        Assert.True(request.GetProperty("stream").GetBoolean());
    }
}
