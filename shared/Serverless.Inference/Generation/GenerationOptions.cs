using Serverless.Inference.Generation.Memory;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Generation;

/// <summary>How decoders are served.</summary>
public class GenerationOptions
{
    /// <summary>How many continuations run side by side; 1 to 256, 16 unless set: beyond that two cores gain nothing.</summary>
    public int MaxRows { get; set; } = 16;

    /// <summary>
    /// The most memory for keys and values of running requests, per model; 1 MiB at least, 1 GiB unless set. Less where
    /// <see cref="MaxRows"/> rows of the whole context take less.
    /// </summary>
    public long KvMemoryBytes { get; set; } = 1L << 30;

    /// <summary>The most tokens of prompt and text together; null (unless set) for what the model has.</summary>
    public int? ContextLength { get; set; }

    /// <summary>The most tokens of a prompt that go in at once while nobody else waits for tokens; 16 to 4096, 256 unless set.</summary>
    public int MaxChunk { get; set; } = 256;

    /// <summary>The fewest tokens of a prompt that go in at once, however much that holds up others; 1 to 256, 8 unless set.</summary>
    public int MinChunk { get; set; } = 8;

    /// <summary>
    /// How long a prompt's tokens may hold up running texts, in steps of theirs; 0.1 to 100, 1.25 unless set. Where more requests wait
    /// than run it is more by as much.
    /// </summary>
    public double ChunkSteps { get; set; } = 1.25;

    /// <summary>Memory for keys and values of earlier requests, per model, to be used again for equal beginnings; 0 keeps none, 256 MiB unless set.</summary>
    public long PrefixCacheBytes { get; set; } = 256L << 20;

    /// <summary>How many requests may wait for a model; 1 to 100,000, 1024 unless set.</summary>
    public int QueueLimit { get; set; } = 1024;

    /// <summary>Threads of a run; 1 to 64, all processors up to 16 unless set: a step is one run, and nothing else goes beside it.</summary>
    public int Threads { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 16);

    /// <summary>The first value outside its range, or null.</summary>
    public string? FindFault() => this switch
    {
        { MaxRows: < 1 or > 256 } => $"MaxRows must be 1 to 256, not {MaxRows}.",
        { KvMemoryBytes: < 1 << 20 } => $"KvMemoryBytes must be {1 << 20} at least, not {KvMemoryBytes}.",
        { ContextLength: < 1 } => $"ContextLength must be 1 at least, not {ContextLength}.",
        { MaxChunk: < 16 or > 4096 } => $"MaxChunk must be 16 to 4096, not {MaxChunk}.",
        { MinChunk: < 1 or > 256 } => $"MinChunk must be 1 to 256, not {MinChunk}.",
        _ when MinChunk > MaxChunk => $"MinChunk ({MinChunk}) must not be above MaxChunk ({MaxChunk}).",
        _ when !(ChunkSteps is >= 0.1 and <= 100) => $"ChunkSteps must be 0.1 to 100, not {ChunkSteps}.",
        { PrefixCacheBytes: < 0 } => $"PrefixCacheBytes must be 0 at least, not {PrefixCacheBytes}.",
        { QueueLimit: < 1 or > 100_000 } => $"QueueLimit must be 1 to 100000, not {QueueLimit}.",
        { Threads: < 1 or > 64 } => $"Threads must be 1 to 64, not {Threads}.",
        _ => null,
    };

    /// <summary>What a decoder's keys and values may take beside its session, running and kept ones together.</summary>
    internal long MemoryOf(DecoderRecord decoder) => LimitsOf(decoder).KvBytes + PrefixBytesOf(decoder);

    /// <summary>What is kept of earlier requests: never more than what can run.</summary>
    internal long PrefixBytesOf(DecoderRecord decoder) => Math.Min(PrefixCacheBytes, LimitsOf(decoder).KvBytes);

    internal DecoderLimits LimitsOf(DecoderRecord decoder)
    {
        var context = Math.Min(decoder.ContextLength, ContextLength ?? int.MaxValue);
        // Where the graph concatenates, what is and what comes are there side by side.
        var most = KvShape.Of(decoder).TokenBytes * MaxRows * context * (decoder.SharesPast ? 1 : 2);
        return new DecoderLimits(MaxRows, context, ChunkOf(decoder), Math.Min(KvMemoryBytes, most));
    }

    // Logits of every position are memory: 64 times 50,000 floats are 13 MB.
    private int ChunkOf(DecoderRecord decoder) => decoder.LastLogitsOnly ? MaxChunk : Math.Min(MaxChunk, 64);
}
