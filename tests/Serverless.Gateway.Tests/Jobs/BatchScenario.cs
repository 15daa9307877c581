using System.Text.Json;
using Serverless.Contracts.Jobs;
using Serverless.Gateway.Batches;

namespace Serverless.Gateway.Tests.Jobs;

/// <summary>A batch of lines in shards of two, and a worker's storage side to play with it.</summary>
/// <param name="fixture">Where it runs.</param>
/// <param name="key">The key of its tenant.</param>
internal sealed class BatchScenario(JobsFixture fixture, string key = "alice") : IAsyncDisposable
{
    public JobApi Api { get; } = new(fixture.CreateClient(key));

    public StorageWorker Worker { get; } = new(fixture);

    public string Id { get; private set; } = "";

    public int Lines { get; private set; }

    public IEnumerable<string> AllIds => Enumerable.Range(0, Lines).Select(i => $"id-{i}");

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await Worker.DisposeAsync();
    }

    /// <summary>Creates the batch; it is <c>validating</c>.</summary>
    public async Task CreateAsync(int lines = 6, string more = "", double secondsPerUnit = 0.85)
    {
        await fixture.SetRateAsync(secondsPerUnit);
        Lines = lines;
        Id = await Api.CreateAsync(JobApi.Lines(lines), more);
    }

    /// <summary>Creates it and takes it to <c>in_progress</c>, its shards released.</summary>
    public async Task StartAsync(int lines = 6, string more = "", double secondsPerUnit = 0.85)
    {
        await CreateAsync(lines, more, secondsPerUnit);
        await fixture.PumpAsync();
        await AssertStatusAsync("in_progress");
    }

    /// <summary>Takes it to the end of its work, but not into the finalizer: <c>finalizing</c>.</summary>
    public async Task StartFinalizingAsync()
    {
        await StartAsync();
        while (await Worker.ReceiveAsync(Id) is { } received)
        {
            await Worker.WriteAsync(received.Shard, received.Shard.Lines);
            await Worker.CompleteAsync(received.Message);
        }

        await ChangeAsync(row => row.TryStep(BatchTrigger.ShardsEnded, fixture.Time.GetUtcNow()));
        await AssertStatusAsync("finalizing");
    }

    public async Task ChangeAsync(Func<BatchRow, bool> change) =>
        Assert.NotNull(await fixture.Batches.ChangeAsync(Id, change, TestContext.Current.CancellationToken));

    public Task CloseWindowAsync() => ChangeAsync(row =>
    {
        row.ExpiresAt = fixture.Time.GetUtcNow() - TimeSpan.FromSeconds(1);
        return true;
    });

    public async Task AssertStatusAsync(string expected) => Assert.Equal(expected, await Api.StatusAsync(Id));

    /// <summary>Every line is in the output file, once and in order, and nowhere else.</summary>
    public async Task AssertAllAnsweredAsync()
    {
        await AssertStatusAsync("completed");
        Assert.Equal(AllIds, await Api.OutputIdsAsync(Id));
        Assert.Empty(await Api.ErrorIdsAsync(Id));
    }

    /// <summary>The given lines are in the output file, all others in the error file with the code; each in order.</summary>
    public async Task AssertSplitAsync(string status, IEnumerable<string> answered, string code)
    {
        await AssertStatusAsync(status);
        var good = answered.ToList();
        Assert.Equal(good, await Api.OutputIdsAsync(Id));
        Assert.Equal(AllIds.Except(good), await Api.ErrorIdsAsync(Id));
        var errors = await Api.FileLinesAsync(Id, "error_file_id");
        Assert.All(errors, line => AssertError(line, code));
        var counts = (await Api.GetAsync(Id)).GetProperty("request_counts");
        Assert.Equal((Lines, good.Count), (counts.GetProperty("total").GetInt32(), counts.GetProperty("completed").GetInt32()));
        Assert.Equal(Lines - good.Count, counts.GetProperty("failed").GetInt32());
    }

    /// <summary>A line of an error file as it is documented for a request that was not run.</summary>
    private static void AssertError(JsonElement line, string code)
    {
        Assert.Equal(["id", "custom_id", "response", "error"], line.EnumerateObject().Select(property => property.Name));
        Assert.StartsWith("batch_req_", JobApi.Text(line, "id"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, line.GetProperty("response").ValueKind);
        Assert.Equal(["code", "message"], line.GetProperty("error").EnumerateObject().Select(property => property.Name));
        Assert.Equal(code, JobApi.Text(line.GetProperty("error"), "code"));
        Assert.NotEqual("", JobApi.Text(line.GetProperty("error"), "message"));
    }
}
