using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Blobs;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Queues;
using Serverless.Contracts.Storage;
using Serverless.Gateway.Async;
using Serverless.Gateway.Jobs;
using Serverless.Gateway.Tests.Jobs;

namespace Serverless.Gateway.Tests.Async;

/// <summary>What happens to single requests beside their answers: webhooks, dead letters, the end of their time.</summary>
[Collection(JobsCollection.Name)]
public sealed class AsyncJobTests(JobsFixture fixture) : IAsyncLifetime
{
    private readonly HttpClient _client = fixture.CreateClient();
    private readonly ServiceBusReceiver _queue = fixture.ServiceBus.CreateReceiver(ServiceBusQueues.Inference);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _queue.DisposeAsync();
    }

    [Fact]
    public async Task Webhook_RequestThatWasAnswered_TellsOnceSigned()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var id = await SubmitAsync(receiver.Url);
        var sent = await ReceiveAsync(id);
        var owner = Assert.IsType<string>(sent.ApplicationProperties[AsyncOperations.OwnerProperty]);
        await AnswerAsync(id, """{"id":"ID","status":200,"response":{}}""");

        await TellAsync(id, owner);
        await fixture.DeliverWebhooksAsync();

        var hook = Assert.Single(receiver.Hooks);
        Assert.Equal(("async.operation.succeeded", id), (hook.Type, hook.Subject));
        Assert.Equal(($"evt_{id}_succeeded", $"evt_{id}_succeeded"), (hook.Id, JobApi.Text(hook.Body, "id")));
        Assert.Equal(hook.Expected, hook.Signature);
    }

    [Fact]
    public async Task Get_OperationThatWaits_SaysWhenToAskAgain()
    {
        var id = await SubmitAsync(null);
        await ReceiveAsync(id);

        using var waiting = await _client.GetAsync(new Uri($"/v1/async/operations/{id}", UriKind.Relative), Token);
        await AnswerAsync(id, """{"id":"ID","status":200,"response":{}}""");
        using var ended = await _client.GetAsync(new Uri($"/v1/async/operations/{id}", UriKind.Relative), Token);

        Assert.Equal(TimeSpan.FromSeconds(1), waiting.Headers.RetryAfter?.Delta);
        Assert.Equal("queued", (await waiting.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("status").GetString());
        Assert.Null(ended.Headers.RetryAfter);
    }

    [Fact]
    public async Task Submit_OneIdempotencyKeyFromManyThreads_IsOneOperationAndOneMessage()
    {
        var key = Guid.NewGuid().ToString();

        var ids = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => SubmitAsync(null, key))));

        var id = Assert.Single(ids.Distinct());
        await ReceiveAsync(id);
        while (await _queue.ReceiveMessageAsync(TimeSpan.FromSeconds(1), Token) is { } other)
            Assert.NotEqual(id, other.MessageId);
    }

    [Fact]
    public async Task Webhook_RequestThatWasCancelled_SaysSo()
    {
        await using var receiver = await ScriptedWorker.StartAsync(200, "{}");
        var id = await SubmitAsync(receiver.Url + "told");
        await ReceiveAsync(id);

        using var cancelled = await _client.DeleteAsync(new Uri($"/v1/async/operations/{id}", UriKind.Relative), Token);
        await fixture.DeliverWebhooksAsync();

        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        Assert.Contains("async.operation.cancelled", Assert.Single(receiver.Bodies), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhook_NobodyAskedOrNoAnswerYet_TellsNobody()
    {
        await using var receiver = await ScriptedWorker.StartAsync(200, "{}");
        var silent = await SubmitAsync(null);
        var waiting = await SubmitAsync(receiver.Url + "told");
        Assert.False((await ReceiveAsync(silent)).ApplicationProperties.ContainsKey(AsyncOperations.OwnerProperty));
        await ReceiveAsync(waiting);
        await AnswerAsync(silent, """{"id":"ID","status":200,"response":{}}""");

        await TellAsync(silent, "t-alice");
        await TellAsync(waiting, "t-alice");
        await TellAsync("op_unknown", "t-alice");

        Assert.Equal(0, await fixture.DeliverWebhooksAsync());
    }

    [Theory]
    [InlineData("ftp://example.org/", "alice")]
    [InlineData("not a url", "alice")]
    [InlineData("https://user:word@example.org/", "alice")]
    [InlineData("https://example.org/", "bob")]
    public async Task Submit_WebhookThatCannotBe_IsRefusedByName(string url, string key)
    {
        using var client = fixture.CreateClient(key);
        using var request = Request(url);

        using var answer = await client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("webhook", await answer.Content.ReadAsStringAsync(Token), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task DeadLetter_RequestWithoutAnswer_IsAnsweredAndTold()
    {
        await using var receiver = await ScriptedWorker.StartAsync(200, "{}");
        var id = await SubmitAsync(receiver.Url + "told");
        await _queue.DeadLetterMessageAsync(await ReceiveAsync(id), "MaxDeliveryCountExceeded", cancellationToken: Token);

        await fixture.MaintainAsync();
        await fixture.DeliverWebhooksAsync();

        var operation = await _client.GetFromJsonAsync<JsonElement>(new Uri($"/v1/async/operations/{id}", UriKind.Relative), Token);
        Assert.Equal("failed", operation.GetProperty("status").GetString());
        Assert.Contains("MaxDeliveryCountExceeded", operation.GetProperty("result").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("async.operation.failed", Assert.Single(receiver.Bodies), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeadLetter_AnsweredOrWithoutId_ChangesNothing()
    {
        var id = await SubmitAsync(null);
        await AnswerAsync(id, """{"id":"ID","status":200,"response":{}}""");
        await _queue.DeadLetterMessageAsync(await ReceiveAsync(id), "MaxDeliveryCountExceeded", cancellationToken: Token);
        await using var sender = fixture.ServiceBus.CreateSender(ServiceBusQueues.Inference);
        await sender.SendMessageAsync(new ServiceBusMessage("{}") { MessageId = "foreign" }, Token);
        await _queue.DeadLetterMessageAsync(await ReceiveAsync("foreign"), "InvalidRequest", cancellationToken: Token);

        await fixture.MaintainAsync();

        Assert.Equal(200, await fixture.Get<OperationStore>().FindStatusAsync(id, Token));
        await using var dead = fixture.ServiceBus.CreateReceiver(
            ServiceBusQueues.Inference, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        Assert.Null(await dead.PeekMessageAsync(0, Token));
    }

    [Fact]
    public async Task Maintain_OperationWhoseTimeIsOver_DeletesItsAnswerToo()
    {
        var id = await SubmitAsync(null);
        await ReceiveAsync(id);
        await AnswerAsync(id, """{"id":"ID","status":200,"response":{}}""");
        fixture.Time.Advance(TimeSpan.FromDays(2));

        await fixture.MaintainAsync();

        Assert.Null(await fixture.Get<OperationStore>().FindStatusAsync(id, Token));
    }

    private static HttpRequestMessage Request(string? webhook, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/async/embeddings")
        {
            Content = new StringContent("""{"model":"small","input":"a"}""", Encoding.UTF8, "application/json"),
        };
        if (webhook is not null)
            request.Headers.TryAddWithoutValidation("Webhook-Url", webhook);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    private async Task<string> SubmitAsync(string? webhook, string? key = null)
    {
        using var request = Request(webhook, key);
        using var accepted = await _client.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        return (await accepted.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString()!;
    }

    private async Task<ServiceBusReceivedMessage> ReceiveAsync(string id)
    {
        while (await _queue.ReceiveMessageAsync(TimeSpan.FromSeconds(20), Token) is { } message)
        {
            if (message.MessageId == id)
                return message;
        }

        throw new InvalidOperationException($"{id} was not sent.");
    }

    private async Task AnswerAsync(string id, string answer)
    {
        var results = fixture.Get<BlobServiceClient>().GetBlobContainerClient(BlobContainers.Results);
        await results.CreateIfNotExistsAsync(cancellationToken: Token);
        await results.UploadBlobAsync(id + ".json", BinaryData.FromString(answer.Replace("ID", id, StringComparison.Ordinal)), Token);
    }

    /// <summary>The event that a worker sends.</summary>
    private async Task TellAsync(string id, string owner)
    {
        await fixture.Get<JobQueues>().SendEventAsync(new BatchEvent(id, BatchEventKind.Answered, Owner: owner), TimeSpan.Zero, Token);
        await fixture.PumpAsync();
    }
}
