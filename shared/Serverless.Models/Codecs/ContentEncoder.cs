using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Serverless.Models.Manifest;

namespace Serverless.Models.Codecs;

/// <summary>Chooses a codec by trying those that may fit: the one with which the bytes would be there first.</summary>
internal sealed class ContentEncoder(CodecPolicy policy, TimeProvider time)
{
    // What hardly gains is not worth a decoder: the measurement is not finer than this on a busy machine.
    private const double MinGain = 0.02;

    private const int MaxRuns = 12;

    // By codec and ratio in steps of 5 %: how fast Zstandard is depends on how much it had to do.
    private readonly ConcurrentDictionary<(string Codec, long Ratio), double> _secondsPerByte = new();

    /// <summary>Encodes a file, compressed if that makes it smaller: files are text and graphs, and small.</summary>
    public static EncodedContent EncodeFile(ReadOnlySpan<byte> source)
    {
        var sha256 = EncodedContent.Hash(source);
        var compressed = ZstdFrame.Compress(source);
        return compressed.Length < source.Length
            ? new EncodedContent(PackageCodecs.Zstd, compressed, source.Length, sha256)
            : new EncodedContent(PackageCodecs.Store, source.ToArray(), source.Length, sha256);
    }

    /// <summary>Encodes a chunk of weights.</summary>
    /// <param name="source">Its bytes.</param>
    /// <param name="elementSize">Bytes of most of its elements.</param>
    /// <param name="mayLose">Whether it holds nothing but large float tensors.</param>
    /// <param name="sha256">Its hash.</param>
    public EncodedContent EncodeChunk(ReadOnlySpan<byte> source, int elementSize, bool mayLose, string sha256)
    {
        EncodedContent? best = null;
        var bestCost = TransferSeconds(source.Length) * (1 - MinGain);
        var decoded = ArrayPool<byte>.Shared.Rent(source.Length);
        try
        {
            foreach (var name in Candidates(elementSize, mayLose))
            {
                var codec = ContentCodecs.Get(name);
                if (codec.Encode(source) is not { } encoded || encoded.Length >= source.Length)
                    continue;
                var into = decoded.AsSpan(0, source.Length);
                if (TransferSeconds(encoded.Length) + DecodeSeconds(codec, encoded, into) is var cost && cost >= bestCost)
                    continue;
                bestCost = cost;
                best = PackageCodecs.IsLossy(name)
                    ? new EncodedContent(name, encoded, source.Length, EncodedContent.Hash(into), ErrorOf(source, into))
                    : new EncodedContent(name, encoded, source.Length, Same(source, into, sha256, name));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(decoded);
        }

        return best ?? new EncodedContent(PackageCodecs.Store, source.ToArray(), source.Length, sha256);
    }

    private IEnumerable<string> Candidates(int elementSize, bool mayLose)
    {
        if (mayLose && NameOf(policy.Lossy) is { } lossy)
            yield return lossy;
        yield return PackageCodecs.Zstd;
        if (elementSize is 2 or 4)
            yield return elementSize == 2 ? PackageCodecs.ShuffleZstd2 : PackageCodecs.ShuffleZstd4;
        if (elementSize == 4)
            yield return PackageCodecs.ShuffleNibble4;
    }

    private static string? NameOf(LossyCodec lossy) => lossy switch
    {
        LossyCodec.Fp16 => PackageCodecs.Fp16,
        LossyCodec.Bf16 => PackageCodecs.Bf16,
        LossyCodec.Int8Block => PackageCodecs.Int8Block,
        _ => null,
    };

    private double TransferSeconds(int bytes) => bytes / (policy.LinkMegabytesPerSecond * 1e6);

    // The fastest of several, and never slower than half of what a quiet core was measured at: decoders that were not compiled yet and
    // neighbours that take their turns say nothing about the machine that will load. A choice that follows noise would also store the
    // same chunk twice, once for each codec. What one chunk has shown holds for those like it.
    private double DecodeSeconds(IContentCodec codec, byte[] encoded, Span<byte> into)
    {
        var fastest = double.MaxValue;
        for (var (run, since) = (0, 0); run < MaxRuns && since < 3; run++, since++)
        {
            var started = time.GetTimestamp();
            codec.Decode(encoded, into);
            if (time.GetElapsedTime(started).TotalSeconds is var seconds && seconds < fastest * 0.95)
                (fastest, since) = (seconds, 0);
        }

        var alike = (codec.Name, encoded.Length * 20L / into.Length);
        var perByte = Math.Min(fastest / into.Length, 1 / SlowestBytesPerSecond(codec.Name));
        return _secondsPerByte.AddOrUpdate(alike, perByte, (_, known) => Math.Min(known, perByte)) * into.Length;
    }

    private static double SlowestBytesPerSecond(string codec) => codec switch
    {
        PackageCodecs.Fp16 or PackageCodecs.Bf16 or PackageCodecs.Int8Block => 9e9,
        PackageCodecs.ShuffleNibble4 => 6e9,
        PackageCodecs.ShuffleZstd4 => 1e9,
        _ => 0.5e9,
    };

    private static string Same(ReadOnlySpan<byte> source, ReadOnlySpan<byte> decoded, string sha256, string codec) =>
        source.SequenceEqual(decoded)
            ? sha256
            : throw new InvalidOperationException($"The codec {codec} did not give back what it was given; this is a defect.");

    private static CodecError ErrorOf(ReadOnlySpan<byte> source, ReadOnlySpan<byte> decoded)
    {
        var before = MemoryMarshal.Cast<byte, float>(source);
        var after = MemoryMarshal.Cast<byte, float>(decoded);
        var (max, sum) = (0.0, 0.0);
        for (var i = 0; i < before.Length; i++)
        {
            var error = Math.Abs((double)before[i] - after[i]);
            max = Math.Max(max, error);
            sum += error;
        }

        return new CodecError(max, before.Length == 0 ? 0 : sum / before.Length);
    }
}
