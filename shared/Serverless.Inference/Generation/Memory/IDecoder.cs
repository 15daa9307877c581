using Serverless.Contracts.Errors;

namespace Serverless.Inference.Generation.Memory;

/// <summary>
/// Runs a decoder over rows that come and go, and keeps their keys and values. Belongs to one thread. At most one row is between
/// <see cref="Begin"/> and <see cref="Start"/>.
/// </summary>
internal interface IDecoder : IDisposable
{
    /// <summary>What is kept of each token.</summary>
    KvShape Shape { get; }

    /// <summary>Memory that keys and values take now, in bytes.</summary>
    long Bytes { get; }

    /// <summary>The most tokens of one <see cref="Prefill"/>.</summary>
    int LongestChunk { get; }

    /// <summary>Whether there can be memory for so many rows, the longest of which comes to <paramref name="longest"/> tokens.</summary>
    bool Fits(int rows, int longest);

    /// <summary>Makes room for what <see cref="Fits"/>.</summary>
    void Reserve(int rows, int longest);

    /// <summary>A row without tokens.</summary>
    DecoderRow Begin();

    /// <summary>Fills a row without tokens from blocks of equal length.</summary>
    void Load(DecoderRow row, IReadOnlyList<KvBuffer> blocks);

    /// <summary>Where a row's first token lies; valid until the next call.</summary>
    KvPlace Locate(DecoderRow row);

    /// <summary>Adds tokens to a row that has not started. Its logits are those after the last.</summary>
    /// <exception cref="InferenceException">The run failed.</exception>
    void Prefill(DecoderRow row, ReadOnlySpan<int> tokens);

    /// <summary>Lets a row take part in steps.</summary>
    void Start(DecoderRow row);

    /// <summary>Another row with the same tokens as one that has started, started too.</summary>
    DecoderRow Fork(DecoderRow row);

    /// <summary>Adds its token to each row that has started. Rows whose run failed say so.</summary>
    void Step();

    /// <summary>The logits after a row's last token; valid until the next run, and may be written to.</summary>
    Span<float> LogitsOf(DecoderRow row);

    /// <summary>Lets a row go.</summary>
    void End(DecoderRow row);
}
