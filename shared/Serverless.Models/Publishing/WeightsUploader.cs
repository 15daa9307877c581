using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Serverless.Models.Codecs;
using Serverless.Models.Manifest;

namespace Serverless.Models.Publishing;

/// <summary>Stores weights chunk by chunk, several at a time; chunks that the store has already are not written again.</summary>
internal sealed class WeightsUploader(
    ContentUploader uploader, ContentEncoder encoder, IReadOnlyDictionary<string, WeightChunk> known, IProgress<PublishProgress>? progress)
{
    // Each holds a chunk and two encodings of it: 24 MiB.
    private static readonly int Parallelism = Math.Clamp(Environment.ProcessorCount, 2, 8);

    public async Task<IReadOnlyList<WeightChunk>> UploadAsync(
        string path, IReadOnlyList<PlannedChunk> plan, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.Asynchronous);
        var meter = new ProgressMeter(progress, PublishProgress.Weights, plan.Sum(chunk => (long)chunk.Size));
        var chunks = new WeightChunk[plan.Count];
        await Parallel.ForAsync(
            0,
            plan.Count,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (index, token) => chunks[index] = await UploadChunkAsync(file, plan[index], meter, token));
        return chunks;
    }

    private async Task<WeightChunk> UploadChunkAsync(
        SafeFileHandle file, PlannedChunk planned, ProgressMeter meter, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(planned.Size);
        try
        {
            var source = buffer.AsMemory(0, planned.Size);
            await ReadAsync(file, planned.Offset, source, cancellationToken);
            var sha256 = EncodedContent.Hash(source.Span);
            if (!planned.MayLose && known.TryGetValue(sha256, out var stored)
                && await uploader.TryKeepAsync(stored.StoredSha256, stored.StoredSize, cancellationToken))
            {
                meter.Add(PublishStage.Compress, planned.Size);
                meter.Add(PublishStage.Upload, planned.Size);
                return stored with { Offset = planned.Offset };
            }

            var encoded = encoder.EncodeChunk(source.Span, planned.ElementSize, planned.MayLose, sha256);
            meter.Add(PublishStage.Compress, planned.Size);
            await uploader.UploadAsync(encoded, cancellationToken);
            meter.Add(PublishStage.Upload, planned.Size);
            return Describe(planned, encoded);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task ReadAsync(SafeFileHandle file, long offset, Memory<byte> into, CancellationToken cancellationToken)
    {
        for (var done = 0; done < into.Length;)
        {
            var read = await RandomAccess.ReadAsync(file, into[done..], offset + done, cancellationToken);
            if (read == 0)
                throw new EndOfStreamException("The file of weights became shorter while it was read.");
            done += read;
        }
    }

    private static WeightChunk Describe(PlannedChunk planned, EncodedContent encoded) => new()
    {
        Offset = planned.Offset,
        Size = encoded.Size,
        Sha256 = encoded.Sha256,
        Codec = encoded.Codec,
        StoredSize = encoded.Stored.Length,
        StoredSha256 = encoded.StoredSha256,
        Error = encoded.Error,
    };
}
