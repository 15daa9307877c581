using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Serverless.Contracts.Queues;
using Serverless.Contracts.Storage;

namespace Serverless.EndToEnd.Tests.Scaling;

/// <summary>From zero by messages alone, to as many replicas as their number says and no more.</summary>
[Collection(ScalingCollection.Name)]
public sealed class QueueWakeTests(ScalingFixture fixture, ITestOutputHelper output)
{
    // One and a half times what a replica is meant for: two, of the three that there may be.
    private const int Messages = 24;
    private const int Replicas = 2;

    // A quarter of a second or so on one core.
    private const string Request =
        """{"inputs":[{"name":"count","shape":[],"datatype":"INT64","data":[60000]},{"name":"start","shape":[1],"datatype":"FP32","data":[1]}]}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_OfOneAndAHalfReplicas_WakeOneThenTwoAndAreAllAnswered()
    {
        var before = await fixture.WaitForZeroAsync();
        var queue = new QueueClient(
            fixture.Platform.StorageConnectionString,
            QueueNames.InferenceRequests,
            new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await Task.WhenAll(Enumerable.Range(0, Messages).Select(index => queue.SendMessageAsync(
            $$"""{"id":"wake-{{index}}","model":"{{ScalingFixture.Slow}}","request":{{Request}}}""", Token)));

        foreach (var index in Enumerable.Range(0, Messages))
            await WaitForAnswerAsync($"wake-{index}.json");

        var decisions = (await fixture.Platform.GetContainersAsync(Token)).Decisions.Where(decision => decision.At >= before.Now).ToList();
        output.WriteLine(string.Join('\n', decisions.Select(decision => $"{decision.At:O} {decision.From} -> {decision.To}: {decision.Reason}")));
        Assert.Equal([(0, 1), (1, Replicas)], decisions.Where(decision => decision.To > decision.From).Select(decision => (decision.From, decision.To)));
        Assert.All(decisions.Where(decision => decision.To > decision.From), decision => Assert.Equal((0, 0.0), (decision.InFlight, decision.Concurrency)));
        Assert.Equal(Replicas, ScaleRuleCheck.After(decisions[1], ScalingFixture.MaxReplicas));
    }

    private async Task WaitForAnswerAsync(string name)
    {
        var results = new BlobContainerClient(fixture.Platform.StorageConnectionString, BlobContainers.Results);
        await Wait.ForAsync(async () => await results.GetBlobClient(name).ExistsAsync(Token) ? results : null, $"The answer {name}");
    }
}
