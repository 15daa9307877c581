using System.Text;
using System.Text.Json;
using Serverless.Contracts.Queues;

namespace Serverless.Gateway.Tests.Jobs;

[Collection(JobsCollection.Name)]
public sealed class ValidationTests(JobsFixture fixture)
{
    public static TheoryData<string, string, string, int?> Wrong() => new()
    {
        { "empty", "", "empty_batch", null },
        { "blank lines only", "\n \r\n\n", "empty_batch", null },
        { "duplicate id", JobApi.Line("a") + "\n" + JobApi.Line("b") + "\n" + JobApi.Line("a"), "duplicate_custom_id", 3 },
        { "duplicate id, escaped", JobApi.Line("a") + "\n" + JobApi.Line("\\u0061"), "duplicate_custom_id", 2 },
        { "wrong url", JobApi.Line("a") + "\n" + JobApi.Line("b", url: "/v1/completions"), "url_mismatch", 2 },
        { "mixed models", JobApi.Line("a") + "\n\n" + JobApi.Line("b", model: "other"), "model_mismatch", 3 },
        { "unknown model", JobApi.Line("a", model: "nobody"), "model_not_found", 1 },
        { "impossible model", JobApi.Line("a", model: "No Body"), "model_not_found", 1 },
        { "wrong method", JobApi.Line("a", method: "GET"), "invalid_request", 1 },
        { "no id", """{"method":"POST","url":"/v1/embeddings","body":{"model":"small","input":"a"}}""", "invalid_request", 1 },
        { "id not a string", """{"custom_id":7,"method":"POST","url":"/v1/embeddings","body":{"model":"small"}}""", "invalid_request", 1 },
        { "no body", """{"custom_id":"a","method":"POST","url":"/v1/embeddings"}""", "invalid_request", 1 },
        { "no model", """{"custom_id":"a","method":"POST","url":"/v1/embeddings","body":{"input":"a"}}""", "invalid_request", 1 },
        { "array", "[1]", "invalid_request", 1 },
        { "two values", JobApi.Line("a") + "{}", "invalid_json_line", 1 },
        { "cut off", JobApi.Line("a") + "\n{\"custom_id\":\"b\",", "invalid_json_line", 2 },
        { "too deep", "{\"x\":" + new string('[', 80) + new string(']', 80) + "}", "invalid_json_line", 1 },
        { "bad line 49,999", Lines(49_998) + "oops\n" + JobApi.Line("last"), "invalid_json_line", 49_999 },
        { "50,001 lines", Lines(50_001), "too_many_tasks", 50_001 },
        { "one 10 MB line", JobApi.Line("a") + "\n" + JobApi.Line("b", model: new string('x', 10_000_000)) + "\n", "line_too_large", 2 },
        { "too many inputs", ManyInputs(), "too_many_tasks", 26 },
    };

    private static string Lines(int count) => JobApi.Lines(count);

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Validate_WrongInput_FailsWithTheLine(string what, string input, string code, int? line)
    {
        Assert.NotEmpty(what);
        await AssertFailsAsync(Encoding.UTF8.GetBytes(input), code, line);
    }

    [Theory]
    [InlineData("PK\u0003\u0004archive", "ZIP")]
    [InlineData("PAR1....", "Parquet")]
    public async Task Validate_OtherFormat_FailsWithItsName(string content, string name)
    {
        var error = await AssertFailsAsync(Encoding.UTF8.GetBytes(content), "invalid_file_format", 1);

        Assert.Contains(name, JobApi.Text(error, "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_BytesThatAreNoUtf8_FailWithTheLine() =>
        await AssertFailsAsync([.. Encoding.UTF8.GetBytes(JobApi.Line("a")), (byte)'\n', (byte)'"', 0xff, (byte)'"'], "invalid_json_line", 2);

    [Fact]
    public async Task Validate_ManyErrors_ReportsTheFirstHundred()
    {
        using var api = new JobApi(fixture.CreateClient());
        var batch = await api.CreateAsync(string.Concat(Enumerable.Repeat("nonsense\n", 500)));

        await fixture.PumpAsync();

        var errors = (await api.GetAsync(batch)).GetProperty("errors").GetProperty("data");
        Assert.Equal(Enumerable.Range(1, 100), errors.EnumerateArray().Select(error => error.GetProperty("line").GetInt32()));
    }

    [Theory]
    [InlineData("\uFEFF", "\n")]
    [InlineData("", "\r\n")]
    [InlineData("\uFEFF", "\r\n\r\n")]
    [InlineData("\n\n", "\n")]
    public async Task Validate_MarkAndLineEnds_RunsEveryLine(string before, string end)
    {
        using var api = new JobApi(fixture.CreateClient());
        await using var worker = new StorageWorker(fixture);
        var batch = await api.CreateAsync(before + string.Join(end, Enumerable.Range(0, 5).Select(i => JobApi.Line($"n{i}"))));

        await fixture.PumpAsync();
        await worker.RunAllAsync(batch);

        Assert.Equal("completed", await api.StatusAsync(batch));
        Assert.Equal(["n0", "n1", "n2", "n3", "n4"], await api.OutputIdsAsync(batch));
    }

    [Fact]
    public async Task Validate_NeverComesAbout_FailsAfterFiveTries()
    {
        await using var batch = new BatchScenario(fixture);
        await batch.CreateAsync();
        for (var attempt = 0; attempt <= 5; attempt++)
        {
            // Whoever takes the message dies.
            Assert.Equal(1, await LoseAsync(batch.Id));
            await batch.AssertStatusAsync("validating");
            fixture.Time.Advance(TimeSpan.FromMinutes(1));
            await fixture.MaintainAsync();
        }

        var ended = await batch.Api.GetAsync(batch.Id);
        Assert.Equal("failed", JobApi.Text(ended, "status"));
        var error = Assert.Single(ended.GetProperty("errors").GetProperty("data").EnumerateArray());
        Assert.Equal("invalid_file_format", JobApi.Text(error, "code"));
        Assert.Contains("could not be validated", JobApi.Text(error, "message"), StringComparison.Ordinal);
        Assert.Equal(0, await LoseAsync(batch.Id));
    }

    [Fact]
    public async Task Validate_InferLines_TakeTheModelFromThePath()
    {
        using var api = new JobApi(fixture.CreateClient());
        var line = """{"custom_id":"a","method":"POST","url":"/v2/models/small/infer","body":{"inputs":[]}}""";
        var batch = await api.CreateAsync(Encoding.UTF8.GetBytes(line), endpoint: "/v2/models/small/infer");

        await fixture.PumpAsync();

        Assert.Equal("in_progress", await api.StatusAsync(batch));
        Assert.Equal("small", JobApi.Text(await api.GetAsync(batch), "model"));
    }

    /// <summary>Takes everything that is to be validated; how often the batch was among it.</summary>
    private async Task<int> LoseAsync(string batch)
    {
        var lost = 0;
        await fixture.PumpAsync(QueueNames.BatchValidations, text =>
        {
            lost += text == batch ? 1 : 0;
            return Task.CompletedTask;
        });
        return lost;
    }

    private static string ManyInputs()
    {
        var input = string.Join(',', Enumerable.Repeat("\"a\"", 2_000));
        return string.Concat(Enumerable.Range(0, 26).Select(i =>
            $$$"""{"custom_id":"{{{i}}}","method":"POST","url":"/v1/embeddings","body":{"model":"small","input":[{{{input}}}]}}""" + "\n"));
    }

    private async Task<JsonElement> AssertFailsAsync(byte[] input, string code, int? line)
    {
        using var api = new JobApi(fixture.CreateClient());
        var id = await api.CreateAsync(input);

        await fixture.PumpAsync();

        var batch = await api.GetAsync(id);
        Assert.Equal("failed", JobApi.Text(batch, "status"));
        Assert.NotEqual(JsonValueKind.Null, batch.GetProperty("failed_at").ValueKind);
        var error = Assert.Single(batch.GetProperty("errors").GetProperty("data").EnumerateArray());
        Assert.Equal(code, JobApi.Text(error, "code"));
        Assert.Equal(line, error.GetProperty("line") is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : null);
        return error;
    }
}
