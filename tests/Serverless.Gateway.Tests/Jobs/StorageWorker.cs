using System.Buffers;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Blobs.Models;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Queues;

namespace Serverless.Gateway.Tests.Jobs;

/// <summary>
/// A worker's storage side, step by step as the contract says: real messages, real conditional writes, no model. A test decides after which
/// step it dies.
/// </summary>
internal sealed class StorageWorker(JobsFixture fixture) : IAsyncDisposable
{
    private readonly ServiceBusReceiver _receiver = fixture.ServiceBus.CreateReceiver(ServiceBusQueues.Shards);
    private readonly ServiceBusSender _sender = fixture.ServiceBus.CreateSender(ServiceBusQueues.Shards);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => new(Task.WhenAll(_receiver.DisposeAsync().AsTask(), _sender.DisposeAsync().AsTask()));

    /// <summary>The next message of the batch, or null; those of other tests' batches are dropped.</summary>
    public async Task<(ServiceBusReceivedMessage Message, ShardMessage Shard)?> ReceiveAsync(string batch)
    {
        while (await ReceiveAsync() is { } received)
        {
            if (received.Shard.Batch == batch)
                return received;
            await CompleteAsync(received.Message);
        }

        return null;
    }

    /// <summary>The next message of any batch, or null.</summary>
    public async Task<(ServiceBusReceivedMessage Message, ShardMessage Shard)?> ReceiveAsync()
    {
        if (await _receiver.ReceiveMessageAsync(TimeSpan.FromMilliseconds(600), Token) is not { } message)
            return null;
        var shard = JsonSerializer.Deserialize(message.Body, JobJson.Default.ShardMessage)!;
        Assert.Equal(shard.MessageId, message.MessageId);
        return (message, shard);
    }

    /// <summary>Runs every released shard to its end, events and all, until none is left.</summary>
    public async Task RunAllAsync(string batch, Func<string, bool>? isGood = null)
    {
        while (await ReceiveAsync(batch) is { } received)
        {
            await WriteAsync(received.Shard, received.Shard.Lines, isGood);
            await ReportAsync(received.Shard, BatchEventKind.Done);
            await CompleteAsync(received.Message);
            await fixture.PumpAsync();
        }
    }

    /// <summary>Answers up to <paramref name="lines"/> lines behind the chain as one segment; false when somebody else sealed from there.</summary>
    public async Task<bool> WriteAsync(ShardMessage shard, int lines, Func<string, bool>? isGood = null)
    {
        var chain = await ChainAsync(shard);
        if (chain.Next >= shard.First + shard.Lines)
            return false;
        return await WriteAsync(shard, chain.Next, chain.NextOffset, lines, isGood);
    }

    public async Task<SegmentChain> ChainAsync(ShardMessage shard)
    {
        var found = new List<SegmentInfo>();
        var prefix = JobBlobs.PrefixOf(shard.Batch, shard.Shard);
        await foreach (var blob in fixture.Storage.Segments.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, prefix, Token))
            found.Add(SegmentInfo.FromMetadata(blob.Metadata));
        return SegmentChain.Follow(found, shard.First, shard.Offset);
    }

    public Task CompleteAsync(ServiceBusReceivedMessage message) => _receiver.CompleteMessageAsync(message, Token);

    public Task AbandonAsync(ServiceBusReceivedMessage message) => _receiver.AbandonMessageAsync(message, cancellationToken: Token);

    public Task DeadLetterAsync(ServiceBusReceivedMessage message, string reason, string description) =>
        _receiver.DeadLetterMessageAsync(message, reason, description, Token);

    public Task ReportAsync(ShardMessage shard, BatchEventKind kind) => fixture.Storage.Queue(QueueNames.BatchEvents).SendMessageAsync(
        JsonSerializer.Serialize(new BatchEvent(shard.Batch, kind, shard.Shard, shard.Epoch), JobJson.Default.BatchEvent), Token);

    /// <summary>Sends the same message again with a later epoch, as a continuation or a re-drive does.</summary>
    public Task SendAsync(ShardMessage shard) => _sender.SendMessageAsync(
        new ServiceBusMessage(JsonSerializer.SerializeToUtf8Bytes(shard, JobJson.Default.ShardMessage)) { MessageId = shard.MessageId }, Token);

    public async Task<bool> WriteAsync(ShardMessage shard, int first, long offset, int lines, Func<string, bool>? isGood = null)
    {
        var (output, errors) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        var (completed, failed, end) = (0, 0, shard.Offset + shard.Length);
        var blob = fixture.Storage.Container(shard.Container).GetBlobClient(shard.Blob);
        var options = new BlobDownloadOptions
        {
            Range = new HttpRange(offset, end - offset),
            Conditions = new BlobRequestConditions { IfMatch = new ETag(shard.ETag) },
        };
        using var content = (await blob.DownloadStreamingAsync(options, Token)).Value;
        var reader = new InputLineReader(content.Content, offset);
        var next = offset;
        while (completed + failed < lines && await reader.ReadAsync(Token) is { } line)
        {
            var id = JsonElement.Parse(line.Content.Span).GetProperty("custom_id").GetString()!;
            var good = isGood?.Invoke(id) ?? true;
            var body = Encoding.UTF8.GetBytes($$"""{"answer":"{{id}}"}""");
            AnswerLine.WriteResponse(good ? output : errors, shard.Batch, first + completed + failed, id, good ? 200 : 400, body);
            _ = good ? completed++ : failed++;
            next = line.NextOffset;
        }

        var segment = new SegmentInfo(
            first, completed + failed, completed, failed, output.WrittenCount, errors.WrittenCount, next, RunMilliseconds: 5, InputTokens: 3 * completed);
        return await PutAsync(shard, segment, [.. output.WrittenSpan, .. errors.WrittenSpan]);
    }

    private async Task<bool> PutAsync(ShardMessage shard, SegmentInfo segment, byte[] content)
    {
        var options = new BlobUploadOptions
        {
            Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
            Metadata = segment.ToMetadata(),
        };
        try
        {
            var name = JobBlobs.Segment(shard.Batch, shard.Shard, segment.First);
            await fixture.Storage.Segments.GetBlobClient(name).UploadAsync(new BinaryData(content), options, Token);
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status is 409 or 412)
        {
            return false;
        }
    }
}
