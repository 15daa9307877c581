using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Queues;
using Serverless.Contracts.Storage;
using Serverless.Telemetry;
using Serverless.Worker.Jobs;

namespace Serverless.Worker.Tests.Jobs;

/// <summary>One shard with its input, rows and queue in the emulators, and handlers that work on it.</summary>
internal sealed class Shard
{
    private readonly JobFixture _fixture;

    private Shard(JobFixture fixture, ShardMessage message, string pool)
    {
        _fixture = fixture;
        Message = message;
        Pool = pool;
        Storage = OpenStorage(null);
    }

    public ShardMessage Message { get; }

    public string Pool { get; }

    public JobStorage Storage { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Writes what the gateway would have written, and sends the first message.</summary>
    public static async Task<Shard> CreateAsync(JobFixture fixture, int lines, int count = 1, string? endpoint = null, TimeSpan? window = null)
    {
        var id = Guid.NewGuid().ToString("N");
        var pool = id[..8];
        await fixture.CreateQueueAsync(ServiceBusQueues.ShardsOf(pool));
        // Requests before and behind: a shard is a range.
        const string Before = "{\"before\":true}\r\n\n";
        var text = string.Concat(Enumerable.Range(0, lines).Select(i => Line(i, count) + (i % 3 == 1 ? "\r\n\n" : "\n")));
        var blob = new BlobContainerClient(fixture.Storage, BlobContainers.Files);
        await blob.CreateIfNotExistsAsync(cancellationToken: Token);
        var info = await blob.UploadBlobAsync($"file-{id}", BinaryData.FromString(Before + text + "{\"behind\":true}\n"), Token);
        var message = new ShardMessage(
            $"batch_{id}", 3, 1, endpoint ?? $"/v2/models/{JobFixture.Slow}/infer", JobFixture.Slow, BlobContainers.Files, $"file-{id}",
            info.Value.ETag.ToString(), Before.Length, Encoding.UTF8.GetByteCount(text), 100, lines,
            TimeProvider.System.GetUtcNow() + (window ?? TimeSpan.FromHours(1)));
        var shard = new Shard(fixture, message, pool);
        await shard.Storage.Batches.CreateIfNotExistsAsync(Token);
        await shard.Storage.Events.CreateIfNotExistsAsync(cancellationToken: Token);
        await shard.SetBatchAsync(BatchStatus.InProgress);
        await shard.Storage.Batches.AddEntityAsync(
            new TableEntity(message.Batch, JobTables.ShardRow(3)) { [JobTables.ShardStateColumn] = "Released", [JobTables.ShardEpoch] = 1 }, Token);
        await shard.SendAsync(message);
        return shard;
    }

    public async Task SendAsync(ShardMessage message)
    {
        await using var sender = _fixture.Client.CreateSender(ServiceBusQueues.ShardsOf(Pool));
        await sender.SendMessageAsync(ShardQueue.ToServiceBus(message), Token);
    }

    public async Task SetBatchAsync(BatchStatus status) => await Storage.Batches.UpsertEntityAsync(
        new TableEntity(Message.Batch, JobTables.BatchRow) { [JobTables.BatchStatus] = BatchStatuses.NameOf(status) }, cancellationToken: Token);

    public async Task SetRowAsync(string column, object value) => await Storage.Batches.UpsertEntityAsync(
        new TableEntity(Message.Batch, JobTables.ShardRow(Message.Shard)) { [column] = value }, TableUpdateMode.Merge, Token);

    public async Task<int> EpochAsync() =>
        (await Storage.Batches.GetEntityAsync<TableEntity>(Message.Batch, JobTables.ShardRow(Message.Shard), cancellationToken: Token))
        .Value.GetInt32(JobTables.ShardEpoch)!.Value;

    /// <summary>
    /// Takes a message as the consumer does, and settles it as the handler says. After a death it is given back at once, where a lock would
    /// first have to expire: what the next delivery finds is the same.
    /// </summary>
    public async Task<Settlement?> DeliverAsync(ShardHandler handler, CancellationTokenSource? stop = null, CancellationTokenSource? lost = null)
    {
        await using var receiver = _fixture.Client.CreateReceiver(ServiceBusQueues.ShardsOf(Pool));
        var received = await receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(20), Token);
        Assert.NotNull(received);
        try
        {
            var message = JsonSerializer.Deserialize(received.Body, JobJson.Default.ShardMessage)!;
            var settlement = await handler.HandleAsync(message, stop?.Token ?? Token, lost?.Token ?? CancellationToken.None);
            if (settlement.Kind == SettlementKind.Complete)
                await receiver.CompleteMessageAsync(received, Token);
            else if (settlement.Kind == SettlementKind.DeadLetter)
                await receiver.DeadLetterMessageAsync(received, settlement.Reason, settlement.Description, Token);
            return settlement;
        }
        catch (DeathException)
        {
            await receiver.AbandonMessageAsync(received, cancellationToken: Token);
            return null;
        }
    }

    public async Task<bool> IsQueueEmptyAsync()
    {
        await using var receiver = _fixture.Client.CreateReceiver(ServiceBusQueues.ShardsOf(Pool));
        return await receiver.PeekMessageAsync(0, Token) is null;
    }

    /// <summary>A handler as the worker has it. What dies, dies by <paramref name="death"/> or when <paramref name="sender"/> sends.</summary>
    public ShardHandler CreateHandler(
        RunningWorker worker, HttpPipelinePolicy? death = null, ServiceBusSender? sender = null, JobOptions? settings = null)
    {
        var options = Options.Create(settings ?? new JobOptions { SegmentInterval = TimeSpan.FromMilliseconds(100), LinesInFlight = 4 });
        var storage = OpenStorage(death);
        var metrics = worker.Services.GetRequiredService<JobMetrics>();
        var messages = worker.Services.GetRequiredService<MessagingMetrics>();
        var (rows, segments, events) = (new ShardRows(storage), new SegmentStore(storage, metrics), new JobEvents(storage, messages));
        var run = new ShardRun(
            storage, segments, events, worker.Services.GetRequiredService<LineRunner>(), metrics, options, TimeProvider.System);
        var queue = new ShardQueue(sender ?? _fixture.Client.CreateSender(ServiceBusQueues.ShardsOf(Pool)), messages);
        return new ShardHandler(rows, segments, events, run, queue, options, TimeProvider.System, NullLogger<ShardHandler>.Instance);
    }

    /// <summary>Waits until something is sealed, or everything.</summary>
    public async Task<SegmentChain> WaitAsync(bool all)
    {
        var limit = TimeProvider.System.GetUtcNow().AddSeconds(40);
        while (true)
        {
            var chain = await ChainAsync();
            if (all ? chain.Next == Message.First + Message.Lines : chain.Segments.Count > 0)
                return chain;
            Assert.True(TimeProvider.System.GetUtcNow() < limit, $"Only {chain.Next - Message.First} of {Message.Lines} lines were answered.");
            await Task.Delay(50, Token);
        }
    }

    /// <summary>The sealed chain.</summary>
    public Task<SegmentChain> ChainAsync() =>
        new SegmentStore(Storage, null!).FollowAsync(Message, Token);

    /// <summary>Every answer that the chain holds: output lines and error lines, each in order.</summary>
    public async Task<(List<JsonElement> Output, List<JsonElement> Errors)> AnswersAsync()
    {
        var (output, errors) = (new List<JsonElement>(), new List<JsonElement>());
        foreach (var segment in (await ChainAsync()).Segments)
        {
            var blob = Storage.Segments.GetBlobClient(JobBlobs.Segment(Message.Batch, Message.Shard, segment.First));
            var content = (await blob.DownloadContentAsync(Token)).Value.Content.ToArray();
            Assert.Equal(content.Length, segment.OutputBytes + segment.ErrorBytes);
            output.AddRange(Parse(content.AsSpan(0, (int)segment.OutputBytes), segment.Completed));
            errors.AddRange(Parse(content.AsSpan((int)segment.OutputBytes), segment.Failed));
        }

        return (output, errors);
    }

    /// <summary>Holds that every line is answered once, in order, and rightly.</summary>
    public async Task AssertAnsweredOnceAsync(int count = 1)
    {
        var (output, errors) = await AnswersAsync();
        Assert.Empty(errors);
        Assert.Equal(Enumerable.Range(0, Message.Lines).Select(i => $"line-{i}"), output.Select(line => line.GetProperty("custom_id").GetString()));
        Assert.Equal(
            Enumerable.Range(0, Message.Lines).Select(i => AnswerLine.IdOf(Message.Batch, Message.First + i)),
            output.Select(line => line.GetProperty("id").GetString()));
        Assert.Equal(
            Enumerable.Range(0, Message.Lines).Select(i => (float)i + count),
            output.Select(line => line.GetProperty("response").GetProperty("body").GetProperty("outputs")[0].GetProperty("data")[0].GetSingle()));
        Assert.Equal(Message.Offset + Message.Length, (await ChainAsync()).NextOffset);
    }

    /// <summary>The events about this shard so far.</summary>
    public async Task<List<BatchEventKind>> EventsAsync()
    {
        var found = new List<BatchEventKind>();
        foreach (var message in (await Storage.Events.PeekMessagesAsync(32, Token)).Value)
        {
            var happened = JsonSerializer.Deserialize(message.Body, JobJson.Default.BatchEvent)!;
            if (happened.Batch == Message.Batch)
                found.Add(happened.Kind);
        }

        return found;
    }

    private static IEnumerable<JsonElement> Parse(ReadOnlySpan<byte> text, int count)
    {
        var lines = Encoding.UTF8.GetString(text).Split('\n');
        Assert.Equal("", lines[^1]);
        Assert.Equal(count, lines.Length - 1);
        return [.. lines[..^1].Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static string Line(int index, int count) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"custom_id":"line-{{{index}}}","method":"POST","url":"u","body":{"inputs":[{"name":"count","shape":[],"datatype":"INT64","data":[{{{count}}}]},{"name":"start","shape":[1],"datatype":"FP32","data":[{{{index}}}]}]}}""");

    private JobStorage OpenStorage(HttpPipelinePolicy? death)
    {
        var (blobs, tables) = (new BlobClientOptions(), new TableClientOptions());
        var queues = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 };
        if (death is not null)
        {
            blobs.AddPolicy(death, Azure.Core.HttpPipelinePosition.PerCall);
            tables.AddPolicy(death, Azure.Core.HttpPipelinePosition.PerCall);
            queues.AddPolicy(death, Azure.Core.HttpPipelinePosition.PerCall);
        }

        // The events of one shard are in a queue of its own: a peek shows 32 messages only.
        return new JobStorage(
            new BlobServiceClient(_fixture.Storage, blobs),
            new TableClient(_fixture.Storage, JobTables.Batches, tables),
            new QueueClient(_fixture.Storage, $"{QueueNames.BatchEvents}-{Pool}", queues));
    }
}
