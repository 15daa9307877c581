using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Serverless.Gateway.Batches.Finalizing;

/// <summary>A file that grows block by block; nobody sees it before it is committed.</summary>
internal sealed class ComposedFile(BlobContainerClient container, BlobSource source, string id)
{
    private readonly BlockBlobClient _blob = container.GetBlockBlobClient(id);
    private readonly List<string> _blocks = [];

    public string Id => id;

    public long Bytes { get; private set; }

    /// <summary>Appends a part of another blob; its bytes do not pass through here.</summary>
    public async Task AppendAsync(BlobClient from, long offset, long length, CancellationToken cancellationToken)
    {
        if (length == 0)
            return;
        await source.StageAsync(_blob, NextBlock(), from, new HttpRange(offset, length), cancellationToken);
        Bytes += length;
    }

    public async Task AppendAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (content.IsEmpty)
            return;
        using var stream = BinaryData.FromBytes(content).ToStream();
        await _blob.StageBlockAsync(NextBlock(), stream, cancellationToken: cancellationToken);
        Bytes += content.Length;
    }

    /// <summary>Makes the file; returns its ETag.</summary>
    public async Task<string> CommitAsync(CancellationToken cancellationToken)
    {
        var options = new CommitBlockListOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "application/jsonl" } };
        return (await _blob.CommitBlockListAsync(_blocks, options, cancellationToken)).Value.ETag.ToString();
    }

    private string NextBlock()
    {
        var block = Convert.ToBase64String(Encoding.ASCII.GetBytes(_blocks.Count.ToString("D6", CultureInfo.InvariantCulture)));
        _blocks.Add(block);
        return block;
    }
}
