using System.Diagnostics;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Queues;
using Serverless.Contracts.Storage;

namespace Serverless.Worker.Tests.Jobs;

/// <summary>Single requests that a user puts into the Service Bus queue, answered by a whole worker.</summary>
[Collection(JobCollection.Name)]
public sealed class RequestConsumerTests(JobFixture fixture) : IAsyncLifetime
{
    private readonly string _pool = Guid.NewGuid().ToString("N")[..8];
    private ServiceBusSender _sender = null!;
    private RunningWorker _worker = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private BlobContainerClient Results => new(fixture.Storage, BlobContainers.Results);

    public async ValueTask InitializeAsync()
    {
        await fixture.CreateQueueAsync(ServiceBusQueues.ShardsOf(_pool));
        await fixture.CreateQueueAsync(ServiceBusQueues.InferenceOf(_pool));
        _sender = fixture.Client.CreateSender(ServiceBusQueues.InferenceOf(_pool));
        _worker = await fixture.StartConsumerAsync(_pool);
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _sender.DisposeAsync();
    }

    [Fact]
    public async Task Receive_ValidRequests_AreAnsweredInBlobs()
    {
        var inputs = new BlobContainerClient(fixture.Storage, BlobContainers.Inputs);
        await inputs.CreateIfNotExistsAsync(cancellationToken: Token);
        await inputs.UploadBlobAsync($"{_pool}.json", BinaryData.FromString(Body(1, 5)), Token);

        await SendAsync($$"""{"id":"{{_pool}}-inline","model":"slow","request":{{Body(1, 2)}}}""");
        await SendAsync($$"""{"id":"{{_pool}}-path","endpoint":"/v2/models/slow/infer","request":{{Body(1, 3)}}}""");
        await SendAsync($$"""{"id":"{{_pool}}-claim","model":"slow","blob":"{{_pool}}.json"}""");

        Assert.Equal(3, ValueOf(await AnswerAsync("inline")));
        Assert.Equal(4, ValueOf(await AnswerAsync("path")));
        Assert.Equal(6, ValueOf(await AnswerAsync("claim")));
    }

    [Theory]
    [InlineData("""{"id":"ID","model":"nobody","request":{}}""", 404, "nobody")]
    [InlineData("""{"id":"ID","model":"slow","request":{"inputs":[]}}""", 400, "count")]
    [InlineData("""{"id":"ID","model":"slow","blob":"nowhere"}""", 400, "nowhere")]
    [InlineData("""{"id":"ID","model":"slow"}""", 400, "exactly one")]
    [InlineData("""{"id":"ID","endpoint":"/v2/repository/index","request":{}}""", 400, "endpoint")]
    public async Task Receive_WrongRequest_IsAnsweredWithTheError(string message, int status, string named)
    {
        await SendAsync(message.Replace("ID", $"{_pool}-wrong", StringComparison.Ordinal));

        var answer = await AnswerAsync("wrong");

        Assert.Equal(status, answer.GetProperty("status").GetInt32());
        Assert.Contains(named, answer.GetProperty("error").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_NoId_IsDeadLettered()
    {
        await SendAsync("""{"model":"slow","request":{}}""");
        await using var dead = fixture.Client.CreateReceiver(
            ServiceBusQueues.InferenceOf(_pool), new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });

        var message = await dead.ReceiveMessageAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Equal("InvalidRequest", message?.DeadLetterReason);
        Assert.Contains("'id'", message?.DeadLetterErrorDescription, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_AnsweredId_KeepsTheFirstAnswer()
    {
        await SendAsync($$"""{"id":"{{_pool}}-twice","model":"slow","request":{{Body(1, 2)}}}""");
        var first = await AnswerAsync("twice");
        await SendAsync($$"""{"id":"{{_pool}}-twice","model":"slow","request":{{Body(1, 20)}}}""");
        await WaitUntilEmptyAsync();

        Assert.Equal(first.GetRawText(), (await AnswerAsync("twice")).GetRawText());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Receive_CallerWantsToBeTold_SendsTheEventWhoeverAnswered(bool isAnswered)
    {
        var id = $"{_pool}-told";
        await Results.CreateIfNotExistsAsync(cancellationToken: Token);
        if (isAnswered)
            await Results.UploadBlobAsync(id + ".json", BinaryData.FromString("""{"status":499}"""), Token);
        var message = new ServiceBusMessage($$"""{"id":"{{id}}","model":"slow","request":{{Body(1, 2)}}}""");
        message.ApplicationProperties[AsyncOperations.OwnerProperty] = "t-alice";
        await _sender.SendMessageAsync(message, Token);

        await AnswerAsync("told");
        await WaitUntilEmptyAsync();

        Assert.Equal(new BatchEvent(id, BatchEventKind.Answered, Owner: "t-alice"), await EventAsync(id));
    }

    [Fact]
    public async Task Receive_CancelledWhileItRuns_DropsTheRunAndKeepsTheCancel()
    {
        // Minutes of counting.
        await SendAsync($$"""{"id":"{{_pool}}-cancel","model":"slow","request":{{Body(50_000_000, 1)}}}""");
        while (_worker.Drain.Running == 0)
            await Task.Delay(5, Token);
        await Task.Delay(300, Token);
        await Results.CreateIfNotExistsAsync(cancellationToken: Token);
        await Results.UploadBlobAsync($"{_pool}-cancel.json", BinaryData.FromString("""{"status":499}"""), Token);
        var cancelled = Stopwatch.StartNew();

        await WaitUntilEmptyAsync();
        await SendAsync($$"""{"id":"{{_pool}}-next","model":"slow","request":{{Body(1, 2)}}}""");

        // The model's one instance is free again.
        Assert.Equal(3, ValueOf(await AnswerAsync("next")));
        Assert.InRange(cancelled.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(499, (await AnswerAsync("cancel")).GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Stop_RequestAtHand_AnswersItFirst()
    {
        await SendAsync($$"""{"id":"{{_pool}}-last","model":"slow","request":{{Body(200_000, 1)}}}""");
        while (_worker.Drain.Running == 0)
            await Task.Delay(5, Token);

        await _worker.StopAsync();

        Assert.Equal(200_001, ValueOf(await AnswerAsync("last")));
        await using var receiver = fixture.Client.CreateReceiver(ServiceBusQueues.InferenceOf(_pool));
        Assert.Null(await receiver.PeekMessageAsync(0, Token));
    }

    private static string Body(int count, int start) =>
        $$"""{"inputs":[{"name":"count","shape":[],"datatype":"INT64","data":[{{count}}]},{"name":"start","shape":[1],"datatype":"FP32","data":[{{start}}]}]}""";

    private static float ValueOf(JsonElement answer) =>
        answer.GetProperty("response").GetProperty("outputs")[0].GetProperty("data")[0].GetSingle();

    private Task SendAsync(string message) => _sender.SendMessageAsync(new ServiceBusMessage(message), Token);

    private async Task<JsonElement> AnswerAsync(string name)
    {
        var blob = Results.GetBlobClient($"{_pool}-{name}.json");
        for (var i = 0; !await blob.ExistsAsync(Token); i++)
        {
            Assert.True(i < 400, $"{name} was not answered.");
            await Task.Delay(50, Token);
        }

        using var document = JsonDocument.Parse((await blob.DownloadContentAsync(Token)).Value.Content);
        return document.RootElement.Clone();
    }

    // Others' events lie there as well, more than one look takes.
    private async Task<BatchEvent> EventAsync(string id)
    {
        var events = new QueueClient(fixture.Storage, QueueNames.BatchEvents, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        for (var i = 0; i < 100; i++)
        {
            QueueMessage[] sent = await events.ReceiveMessagesAsync(32, TimeSpan.FromSeconds(1), Token);
            var told = sent.Select(one => JsonSerializer.Deserialize(one.Body.ToString(), JobJson.Default.BatchEvent)!).SingleOrDefault(one => one.Batch == id);
            // Whether it belongs to a trace depends on who listens to this process's other tests.
            if (told is not null)
                return told with { TraceParent = null };
            await Task.Delay(50, Token);
        }

        throw new TimeoutException($"No event of {id} was sent.");
    }

    private async Task WaitUntilEmptyAsync()
    {
        await using var receiver = fixture.Client.CreateReceiver(ServiceBusQueues.InferenceOf(_pool));
        for (var i = 0; await receiver.PeekMessageAsync(0, Token) is not null; i++)
        {
            Assert.True(i < 200, "The message was left in the queue.");
            await Task.Delay(100, Token);
        }
    }
}
