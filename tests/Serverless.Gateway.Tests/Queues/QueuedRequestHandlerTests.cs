using System.Text.Json;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Queues;
using Serverless.Contracts.Storage;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.Queues;
using Serverless.Gateway.Telemetry;
using Serverless.TestKit;

namespace Serverless.Gateway.Tests.Queues;

public sealed class QueuedRequestHandlerTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private readonly BlobServiceClient _storage = new(azurite.ConnectionString);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handle_WorkerAnswers_WritesTheResponse()
    {
        await using var worker = await ScriptedWorker.StartAsync(200, """{"outputs":[]}""");

        await HandleAsync(worker, """{"id":"ok-1","model":"m","request":{"inputs":[]}}""");

        Assert.Equal("""{"id":"ok-1","status":200,"response":{"outputs":[]}}""", await AnswerAsync("ok-1"));
        Assert.Equal("""/v2/models/m/infer {"inputs":[]}""", Assert.Single(worker.Bodies));
    }

    [Fact]
    public async Task Handle_AnsweredAlready_IsNotRunAgain()
    {
        await using var worker = await ScriptedWorker.StartAsync(200, """{"outputs":[]}""");
        const string Message = """{"id":"twice-1","model":"m","request":{}}""";
        await HandleAsync(worker, Message);

        await HandleAsync(worker, Message, delivery: 2);

        Assert.Single(worker.Bodies);
    }

    [Fact]
    public async Task Handle_ClaimCheck_SendsTheBlob()
    {
        await using var worker = await ScriptedWorker.StartAsync(200, """{"outputs":[]}""");
        var inputs = _storage.GetBlobContainerClient(BlobContainers.Inputs);
        await inputs.CreateIfNotExistsAsync(cancellationToken: Token);
        await inputs.UploadBlobAsync("large/body.json", BinaryData.FromString("""{"inputs":[7]}"""), Token);

        await HandleAsync(worker, """{"id":"claim-1","model":"m","blob":"large/body.json"}""");

        Assert.Equal("""/v2/models/m/infer {"inputs":[7]}""", Assert.Single(worker.Bodies));
    }

    [Theory]
    [InlineData("missing-1", """{"id":"missing-1","model":"m","blob":"nowhere"}""", 400, "nowhere")]
    [InlineData("bad-1", """{"id":"bad-1","model":"m"}""", 400, "exactly one")]
    [InlineData("bad-2", """{"id":"bad-2","model":"NO","request":{}}""", 404, "NO")]
    public async Task Handle_BadMessage_IsAnsweredWithTheError(string id, string message, int status, string named)
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");

        await HandleAsync(worker, message);

        using var answer = JsonDocument.Parse(await AnswerAsync(id));
        Assert.Equal(status, answer.RootElement.GetProperty("status").GetInt32());
        Assert.Contains(named, answer.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Empty(worker.Bodies);
    }

    [Fact]
    public async Task Handle_WorkerRefuses_PassesItsErrorOn()
    {
        await using var worker = await ScriptedWorker.StartAsync(400, """{"error":"Input 'x' is missing."}""");

        await HandleAsync(worker, """{"id":"refused-1","model":"m","request":{}}""");

        Assert.Equal("""{"id":"refused-1","status":400,"error":"Input 'x' is missing."}""".Replace("'", "\\u0027", StringComparison.Ordinal), await AnswerAsync("refused-1"));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Handle_WorkerBusy_StaysInTheQueueUntilTheLastDelivery(int status)
    {
        await using var worker = await ScriptedWorker.StartAsync(status, """{"error":"busy"}""");
        var id = $"busy-{status}";
        var message = "{\"id\":\"" + id + "\",\"model\":\"m\",\"request\":{}}";

        await Assert.ThrowsAsync<InferenceException>(() => HandleAsync(worker, message));
        var answeredEarly = await BlobOf(id).ExistsAsync(Token);
        await Assert.ThrowsAsync<InferenceException>(() => HandleAsync(worker, message, QueueNames.MaxDeliveries));

        Assert.False(answeredEarly);
        using var answer = JsonDocument.Parse(await AnswerAsync(id));
        Assert.Equal(status, answer.RootElement.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Handle_NoWorker_StaysInTheQueue()
    {
        var worker = await ScriptedWorker.StartAsync(200, "{}");
        await worker.DisposeAsync();
        var url = new Uri($"http://127.0.0.1:{Serverless.Topology.Processes.FreePorts.Pick(1)[0]}");

        var exception = await Assert.ThrowsAsync<InferenceException>(
            () => HandleAsync(url, """{"id":"down-1","model":"m","request":{}}""", delivery: 1));

        Assert.Equal(ErrorKind.WorkerUnreachable, exception.Error.Kind);
        Assert.False(await BlobOf("down-1").ExistsAsync(Token));
    }

    private Task HandleAsync(ScriptedWorker worker, string message, long delivery = 1) => HandleAsync(worker.Url, message, delivery);

    private async Task HandleAsync(Uri worker, string message, long delivery)
    {
        var options = Options.Create(new ForwardingOptions { WorkerUrl = worker });
        using var client = new WorkerClient(options);
        await using var services = new ServiceCollection().AddMetrics().AddSingleton<GatewayMetrics>().BuildServiceProvider();
        var handler = new QueuedRequestHandler(
            new QueuedRequestRunner(client, _storage, options),
            new ResultStore(_storage),
            services.GetRequiredService<GatewayMetrics>(),
            NullLogger<QueuedRequestHandler>.Instance);
        await handler.HandleAsync(message, delivery, Token);
    }

    private async Task<string> AnswerAsync(string id) => (await BlobOf(id).DownloadContentAsync(Token)).Value.Content.ToString();

    private BlobClient BlobOf(string id) => _storage.GetBlobContainerClient(BlobContainers.Results).GetBlobClient(id + ".json");
}
