using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Queues;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Async;
using Serverless.Gateway.Queues;
using Serverless.Gateway.Tests.Jobs;
using Serverless.Telemetry;
using Serverless.Topology.Processes;

namespace Serverless.Gateway.Tests.Queues;

/// <summary>Requests that the host gave up, over real poison queues, with a real Service Bus and one that is away.</summary>
[Collection(JobsCollection.Name)]
public sealed class PoisonRequestsTests(JobsFixture fixture) : IAsyncLifetime
{
    private readonly ServiceBusReceiver _sent = fixture.ServiceBus.CreateReceiver(ServiceBusQueues.Inference);
    private readonly string _id = "poisoned-" + Guid.NewGuid().ToString("N");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private QueueClient Shared => fixture.Storage.Queue(QueueNames.InferenceRequests + QueueNames.PoisonSuffix);

    private QueueClient Own => fixture.Storage.Queue(QueueNames.TenantRequestsPrefix + JobsFixture.QueueTenant + QueueNames.PoisonSuffix);

    public async ValueTask InitializeAsync()
    {
        foreach (var queue in new[] { Shared, Own })
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: Token);
            await queue.ClearMessagesAsync(Token);
        }
    }

    public ValueTask DisposeAsync() => _sent.DisposeAsync();

    [Fact]
    public async Task Run_ServiceBusIsBack_SendsEachRequestOnceAsItsQueuesTenant()
    {
        await Shared.SendMessageAsync(Request(_id), Token);
        await Own.SendMessageAsync(Request(_id), Token);

        await fixture.MaintainAsync();
        await fixture.MaintainAsync();

        var sent = await SentAsync();
        Assert.Equal([(_id, null), ($"{JobsFixture.QueueTenant}.{_id}", JobsFixture.QueueTenant)], sent.Order());
        Assert.Equal((0, 0), (await CountAsync(Shared), await CountAsync(Own)));
    }

    [Fact]
    public async Task Run_RequestThatIsAnswered_IsDropped()
    {
        await fixture.Get<OperationStore>().TryAnswerAsync(
            _id, new Contracts.Errors.InferenceError(Contracts.Errors.ErrorKind.Cancelled, "cancelled"), QueuedRequest.OpenInferenceEndpoint, Token);
        await Shared.SendMessageAsync(Request(_id), Token);

        await fixture.MaintainAsync();

        Assert.Empty(await SentAsync());
        Assert.Equal(0, await CountAsync(Shared));
    }

    [Fact]
    public async Task Run_MessagesWithoutPlaceForAnAnswer_StayAndKeepNoneBehindThemWaiting()
    {
        await new QueueClient(fixture.StorageConnectionString, Shared.Name).SendMessageAsync("no base64, as a stranger may leave it", Token);
        await Shared.SendMessageAsync("""{"model":"small","note":"no id"}""", Token);
        await Shared.SendMessageAsync(Request(_id), Token);

        await fixture.MaintainAsync();

        Assert.Equal(_id, Assert.Single(await SentAsync()).Id);
        Assert.Equal(2, await CountAsync(Shared));
    }

    [Fact]
    public async Task Run_ServiceBusIsAway_KeepsTheRequestAndAnswersItAfterTheLastTry()
    {
        await using var away = new ServiceBusClient(
            $"Endpoint=sb://127.0.0.1:{FreePorts.Pick(1)[0]};SharedAccessKeyName=k;SharedAccessKey=k;UseDevelopmentEmulator=true;",
            new ServiceBusClientOptions { RetryOptions = new ServiceBusRetryOptions { MaxRetries = 0, TryTimeout = TimeSpan.FromSeconds(2) } });
        await using var queue = new InferenceQueue(away, fixture.Get<MessagingMetrics>());
        var poison = ActivatorUtilities.CreateInstance<PoisonRequests>(
            fixture.Services, ActivatorUtilities.CreateInstance<QueuedRequestHandler>(fixture.Services, queue));
        await Shared.SendMessageAsync(Request(_id), Token);

        await Assert.ThrowsAsync<ServiceBusException>(() => poison.RunAsync(Token));
        Assert.Equal(1, await CountAsync(Shared));
        Assert.Null(await fixture.Get<OperationStore>().FindResultAsync(_id, Token));

        await UseUpTriesAsync();
        Assert.Equal(1, await poison.RunAsync(Token));

        var answer = JsonElement.Parse((await fixture.Get<OperationStore>().FindResultAsync(_id, Token))!.ToString());
        Assert.Equal(504, answer.GetProperty("status").GetInt32());
        Assert.Contains("60 tries", JobApi.Text(answer, "error"), StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(Shared));
    }

    private static string Request(string id) => $$$"""{"id":"{{{id}}}","model":"small","request":{"inputs":[]}}""";

    private static async Task<int> CountAsync(QueueClient queue) => (await queue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount;

    /// <summary>Receives the request as often as all runs but the last would, and leaves it visible; a new one, since a run hides it for 30 s.</summary>
    private async Task UseUpTriesAsync()
    {
        await Shared.ClearMessagesAsync(Token);
        await Shared.SendMessageAsync(Request(_id), Token);
        for (var i = 1; i < PoisonRequests.MaxTries; i++)
        {
            var message = (await Shared.ReceiveMessageAsync(cancellationToken: Token)).Value;
            await Shared.UpdateMessageAsync(message.MessageId, message.PopReceipt, message.Body, TimeSpan.Zero, Token);
        }
    }

    // Others leave requests in the same queue.
    private async Task<List<(string Id, string? Tenant)>> SentAsync()
    {
        var sent = new List<(string, string?)>();
        while (await _sent.ReceiveMessageAsync(TimeSpan.FromMilliseconds(500), Token) is { } message)
        {
            if (message.MessageId.EndsWith(_id, StringComparison.Ordinal))
                sent.Add((message.MessageId, message.ApplicationProperties.GetValueOrDefault(Contracts.Http.InferenceHeaders.Tenant) as string));
            await _sent.CompleteMessageAsync(message, Token);
        }

        return sent;
    }
}
