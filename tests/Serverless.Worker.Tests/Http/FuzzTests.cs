using Serverless.TestKit.Fuzzing;

namespace Serverless.Worker.Tests.Http;

/// <summary>A small share of the benchmark suite <c>fuzz</c>.</summary>
[Collection(WorkerCollection.Name)]
public sealed class FuzzTests(WorkerFixture fixture)
{
    [Fact]
    public async Task Post_BrokenRequests_AreAnsweredWithoutAServerError()
    {
        var token = TestContext.Current.CancellationToken;

        var answers = await FuzzRun.RunAsync(fixture.Worker.Client.BaseAddress!.Port, seed: 7, requests: 4000, token);

        var statuses = answers.Statuses;
        Assert.DoesNotContain(statuses, pair => pair.Key >= 500);
        Assert.InRange(statuses[200], 200, 3600);
        Assert.InRange(statuses[400], 400, 3600);
        Assert.InRange(statuses.GetValueOrDefault(0), 0, 200);
        Assert.Equal(0, answers.Silent);
    }
}
