using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using Serverless.Contracts.Jobs;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches.Finalizing;

/// <summary>Writes error lines for the requests of a shard that have no answer.</summary>
internal sealed class MissingLines(JobStorage storage)
{
    private const int Block = 1 << 20;

    /// <summary>Appends one line for each request from the end of the chain on.</summary>
    public async Task AppendAsync(
        BatchRow batch, ShardRow shard, SegmentChain chain, Composition to, (string Code, string Message) error, CancellationToken cancellationToken)
    {
        var buffer = to.Buffer;
        buffer.ResetWrittenCount();
        var index = chain.Next;
        await foreach (var customId in ReadIdsAsync(batch, shard, chain, cancellationToken))
        {
            AnswerLine.WriteError(buffer, batch.Id, index++, customId, error.Code, error.Message);
            if (buffer.WrittenCount < Block)
                continue;
            await to.Errors.AppendAsync(buffer.WrittenMemory, cancellationToken);
            buffer.ResetWrittenCount();
        }

        await to.Errors.AppendAsync(buffer.WrittenMemory, cancellationToken);
    }

    private async IAsyncEnumerable<string> ReadIdsAsync(
        BatchRow batch, ShardRow shard, SegmentChain chain,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = shard.First + shard.Lines - chain.Next;
        using var content = await OpenAsync(batch, chain.NextOffset, shard.Offset + shard.Length - chain.NextOffset, cancellationToken);
        var reader = content is null ? null : new InputLineReader(content.Content);
        for (; left > 0; left--)
        {
            // An input that was deleted or changed cannot name its requests any more; each still gets its line.
            yield return reader is not null && await reader.ReadAsync(cancellationToken) is { } line ? CustomIdOf(line) : "";
        }
    }

    private async Task<BlobDownloadStreamingResult?> OpenAsync(BatchRow batch, long offset, long length, CancellationToken cancellationToken)
    {
        try
        {
            var options = new BlobDownloadOptions
            {
                Range = new HttpRange(offset, length),
                Conditions = new BlobRequestConditions { IfMatch = new ETag(batch.InputETag) },
            };
            return await storage.Container(batch.InputContainer).GetBlobClient(batch.InputBlob).DownloadStreamingAsync(options, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 412 or 416)
        {
            return null;
        }
    }

    private static string CustomIdOf(InputLine line)
    {
        var json = new Utf8JsonReader(line.Content.Span);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isId = json.ValueTextEquals("custom_id"u8);
            json.Read();
            if (isId)
                return json.GetString()!;
            json.Skip();
        }

        return "";
    }
}
