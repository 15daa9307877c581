using System.Text.Json;
using Serverless.Contracts.Queues;
using Serverless.Contracts.Storage;

namespace Serverless.EndToEnd.Tests;

[Collection(PlatformCollection.Name)]
public sealed class QueueTests(PlatformFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Message_WithRequest_IsAnsweredInABlob()
    {
        await fixture.SendAsync($$"""{"id":"q-infer","model":"{{TestModels.Small}}","request":{{TestModels.SmallRequest}}}""");

        using var answer = await AnswerAsync("q-infer");

        Assert.Equal(200, answer.RootElement.GetProperty("status").GetInt32());
        Assert.Equal(TestModels.SmallAnswer, DataOf(answer));
    }

    [Fact]
    public async Task Message_ClaimChecked_IsAnswered()
    {
        var inputs = fixture.Storage.GetBlobContainerClient(BlobContainers.Inputs);
        await inputs.CreateIfNotExistsAsync(cancellationToken: Token);
        await inputs.UploadBlobAsync("q-claim.json", BinaryData.FromString(TestModels.SmallRequest), Token);
        await fixture.SendAsync($$"""{"id":"q-claim","model":"{{TestModels.Small}}","blob":"q-claim.json"}""");

        using var answer = await AnswerAsync("q-claim");

        Assert.Equal(TestModels.SmallAnswer, DataOf(answer));
    }

    [Fact]
    public async Task Message_ForAnAnsweredId_KeepsTheFirstAnswer()
    {
        await fixture.SendAsync($$"""{"id":"q-twice","model":"{{TestModels.Small}}","request":{{TestModels.SmallRequest}}}""");
        using var first = await AnswerAsync("q-twice");
        await fixture.SendAsync("""{"id":"q-twice","model":"nobody","request":{}}""");
        await QueueIsEmptyAsync();

        using var second = await AnswerAsync("q-twice");

        Assert.Equal(first.RootElement.GetRawText(), second.RootElement.GetRawText());
    }

    [Fact]
    public async Task Message_InATenantsQueue_IsAnsweredAmongTheTenantsOwn()
    {
        var inputs = fixture.Storage.GetBlobContainerClient(BlobContainers.Inputs);
        await inputs.CreateIfNotExistsAsync(cancellationToken: Token);
        await inputs.UploadBlobAsync("acme/q-own.json", BinaryData.FromString(TestModels.SmallRequest), Token);
        var queue = QueueNames.TenantRequestsPrefix + PlatformFixture.QueueTenant;
        await fixture.OpenQueue(queue).CreateIfNotExistsAsync(cancellationToken: Token);
        await fixture.SendAsync($$"""{"id":"q-own","model":"{{TestModels.Small}}","blob":"q-own.json"}""", queue);
        await fixture.SendAsync($$"""{"id":"q-out","model":"{{TestModels.Small}}","blob":"../q-claim.json"}""", queue);

        using var answer = await AnswerAsync("acme.q-own");
        using var refused = await AnswerAsync("acme.q-out");

        Assert.Equal(TestModels.SmallAnswer, DataOf(answer));
        Assert.Equal(400, refused.RootElement.GetProperty("status").GetInt32());
    }

    [Theory]
    [InlineData("q-model", """{"id":"q-model","model":"nobody","request":{}}""", 404, "nobody")]
    [InlineData("q-tensor", """{"id":"q-tensor","model":"small","request":{"inputs":[]}}""", 400, "'x'")]
    [InlineData("q-blob", """{"id":"q-blob","model":"small","blob":"nowhere"}""", 400, "nowhere")]
    public async Task Message_ThatIsWrong_IsAnsweredWithTheError(string id, string message, int status, string named)
    {
        await fixture.SendAsync(message);

        using var answer = await AnswerAsync(id);

        Assert.Equal(status, answer.RootElement.GetProperty("status").GetInt32());
        Assert.Contains(named, answer.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_WithoutId_GoesToThePoisonQueue()
    {
        await fixture.SendAsync("""{"model":"small","note":"no id"}""");
        var poison = fixture.OpenQueue(QueueNames.InferenceRequests + QueueNames.PoisonSuffix);

        var message = await Wait.ForAsync(
            async () => await poison.ExistsAsync(Token) ? (await poison.PeekMessageAsync(Token)).Value : null, "The poison message");

        Assert.Contains("no id", message.Body.ToString(), StringComparison.Ordinal);
    }

    private Task<JsonDocument> AnswerAsync(string id) => Wait.ForAsync(
        async () =>
        {
            var blob = fixture.Storage.GetBlobContainerClient(BlobContainers.Results).GetBlobClient(id + ".json");
            return await blob.ExistsAsync(Token) ? JsonDocument.Parse((await blob.DownloadContentAsync(Token)).Value.Content) : null;
        },
        $"The answer to {id}");

    private Task<object> QueueIsEmptyAsync() => Wait.ForAsync(
        async () =>
        {
            var properties = await fixture.OpenQueue(QueueNames.InferenceRequests).GetPropertiesAsync(Token);
            return properties.Value.ApproximateMessagesCount == 0 ? new object() : null;
        },
        "Emptying the queue");

    private static float[] DataOf(JsonDocument answer) =>
    [
        .. answer.RootElement.GetProperty("response").GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(value => value.GetSingle()),
    ];
}
