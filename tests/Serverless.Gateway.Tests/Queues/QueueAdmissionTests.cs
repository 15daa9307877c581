using System.Net;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Queues;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Async;
using Serverless.Gateway.Queues;
using Serverless.Gateway.Tests.Jobs;

namespace Serverless.Gateway.Tests.Queues;

/// <summary>Messages of tenants with limits, over a real queue and a real Service Bus.</summary>
[Collection(JobsCollection.Name)]
public sealed class QueueAdmissionTests(JobsFixture fixture) : IAsyncLifetime
{
    private readonly ServiceBusReceiver _sent = fixture.ServiceBus.CreateReceiver(ServiceBusQueues.Inference);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _sent.DisposeAsync();

    [Fact]
    public async Task Message_OfATenantWithoutBudgetLeft_IsAnsweredWithThat()
    {
        var queue = await CreateAsync("queue-poor", """{"monthly_budget":0}""");

        await HandleAsync(queue, Infer("a", rows: 1));

        var result = await fixture.Get<OperationStore>().FindResultAsync("queue-poor.a", Token);
        var answer = JsonElement.Parse(result!.ToString());
        Assert.Equal(402, answer.GetProperty("status").GetInt32());
        Assert.Contains("budget of 0 for this month is spent", answer.GetProperty("error").GetRawText(), StringComparison.Ordinal);
        Assert.Empty(await SentAsync("queue-poor"));
        Assert.Equal(0, await CountAsync(queue));
    }

    [Theory]
    [InlineData("queue-requests", """{"requests_per_minute":1}""")]
    [InlineData("queue-rows", """{"rows_per_minute":4}""")]
    public async Task Message_OverARate_WaitsInItsQueue(string tenant, string limits)
    {
        var queue = await CreateAsync(tenant, limits);

        await HandleAsync(queue, Infer("a", rows: 4));
        await HandleAsync(queue, Infer("b", rows: 4));

        Assert.Equal([$"{tenant}.a"], await SentAsync(tenant));
        Assert.Equal(1, await CountAsync(queue));
        Assert.Empty((await queue.PeekMessagesAsync(32, Token)).Value);

        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        await HandleAsync(queue, Infer("b", rows: 4));
        Assert.Equal([$"{tenant}.b"], await SentAsync(tenant));
    }

    [Fact]
    public async Task Message_RefusedForItsTokens_IsNotCountedAsARequest()
    {
        var queue = await CreateAsync("queue-tokens", """{"requests_per_minute":2,"tokens_per_minute":20}""");

        await HandleAsync(queue, Embed("a"));
        for (var i = 0; i < 5; i++)
            await HandleAsync(queue, Embed("b"));
        await HandleAsync(queue, Infer("c", rows: 1));

        Assert.Equal(["queue-tokens.a", "queue-tokens.c"], await SentAsync("queue-tokens"));
        Assert.Equal(5, await CountAsync(queue));
    }

    [Fact]
    public async Task Message_ThatIsWrong_IsLeftToTheWorkerToSay()
    {
        var queue = await CreateAsync("queue-wrong", """{"rows_per_minute":1}""");

        await HandleAsync(queue, """{"id":"a","model":"small","endpoint":"/v1/nothing","request":{}}""");
        await HandleAsync(queue, """{"id":"b","request":{}}""");

        Assert.Equal(["queue-wrong.a", "queue-wrong.b"], await SentAsync("queue-wrong"));
    }

    [Fact]
    public async Task Async_MoreTokensThanAreFree_Is429()
    {
        using var admin = new JobApi(fixture.CreateClient("olga"));
        await admin.SendAsync(HttpMethod.Put, "/v1/admin/tenants/async-tokens", """{"tokens_per_minute":20}""");
        var made = await admin.SendAsync(HttpMethod.Post, "/v1/admin/keys", """{"tenant":"async-tokens"}""", HttpStatusCode.Created);
        using var api = new JobApi(fixture.CreateClient(JobApi.Text(made, "key")!));
        var body = $$"""{"model":"small","input":"{{new string('a', 40)}}"}""";

        await api.SendAsync(HttpMethod.Post, "/v1/async/embeddings", body, HttpStatusCode.Accepted);
        var refused = await api.SendAsync(HttpMethod.Post, "/v1/async/embeddings", body, HttpStatusCode.TooManyRequests);

        Assert.Contains("20 tokens per minute", refused.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static string Infer(string id, int rows) =>
        $$$"""{"id":"{{{id}}}","model":"small","request":{"inputs":[{"name":"x","shape":[{{{rows}}},2],"datatype":"FP32","data":[]}]}}""";

    private static string Embed(string id) =>
        $$$"""{"id":"{{{id}}}","model":"small","endpoint":"/v1/embeddings","request":{"model":"small","input":"{{{new string('a', 40)}}}"}}""";

    private Task HandleAsync(QueueClient queue, string message) => fixture.Get<QueuedRequestHandler>().HandleAsync(queue.Name, message, Token);

    private async Task<QueueClient> CreateAsync(string tenant, string limits)
    {
        using var admin = new JobApi(fixture.CreateClient("olga"));
        await admin.SendAsync(HttpMethod.Put, "/v1/admin/tenants/" + tenant, limits);
        var queue = fixture.Storage.Queue(QueueNames.TenantRequestsPrefix + tenant);
        await queue.CreateIfNotExistsAsync(cancellationToken: Token);
        return queue;
    }

    private static async Task<int> CountAsync(QueueClient queue) => (await queue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount;

    // Others leave requests in the same queue.
    private async Task<List<string>> SentAsync(string tenant)
    {
        var ids = new List<string>();
        while (await _sent.ReceiveMessageAsync(TimeSpan.FromMilliseconds(500), Token) is { } message)
        {
            if (message.MessageId.StartsWith(tenant + ".", StringComparison.Ordinal))
                ids.Add(message.MessageId);
            await _sent.CompleteMessageAsync(message, Token);
        }

        return ids;
    }
}
