using Serverless.Contracts.Errors;
using Serverless.Inference.Generation.Memory;

namespace Serverless.Inference.Tests.Generation;

/// <summary>A real decoder whose steps are counted, and can be held up or made to fail.</summary>
internal sealed class WatchedDecoder(IDecoder decoder) : IDecoder
{
    private int _steps;
    private int _prefilled;

    /// <summary>Steps wait while it is not set.</summary>
    public ManualResetEventSlim Gate { get; } = new(initialState: true);

    /// <summary>Set when a step has come to the gate.</summary>
    public SemaphoreSlim AtGate { get; } = new(0);

    public int Steps => Volatile.Read(ref _steps);

    /// <summary>Tokens of prompts that were computed.</summary>
    public int Prefilled => Volatile.Read(ref _prefilled);

    /// <summary>Whether the next step or prompt fails.</summary>
    public bool FailNext { get; set; }

    public bool IsDisposed { get; private set; }

    public KvShape Shape => decoder.Shape;

    public long Bytes => decoder.Bytes;

    public int LongestChunk => decoder.LongestChunk;

    public bool Fits(int rows, int longest) => decoder.Fits(rows, longest);

    public void Reserve(int rows, int longest) => decoder.Reserve(rows, longest);

    public DecoderRow Begin() => decoder.Begin();

    public void Load(DecoderRow row, IReadOnlyList<KvBuffer> blocks) => decoder.Load(row, blocks);

    public KvPlace Locate(DecoderRow row) => decoder.Locate(row);

    public void Prefill(DecoderRow row, ReadOnlySpan<int> tokens)
    {
        if (FailNext)
        {
            FailNext = false;
            throw new InferenceException(ErrorKind.Internal, "It failed as the test wished.");
        }

        Interlocked.Add(ref _prefilled, tokens.Length);
        decoder.Prefill(row, tokens);
    }

    public void Start(DecoderRow row)
    {
        decoder.Start(row);
        Started.Add(row);
    }

    /// <summary>Rows that take part in steps, as far as the test is concerned.</summary>
    public List<DecoderRow> Started { get; } = [];

    public DecoderRow Fork(DecoderRow row) => decoder.Fork(row);

    public void Step()
    {
        AtGate.Release();
        Gate.Wait();
        Interlocked.Increment(ref _steps);
        if (FailNext)
        {
            FailNext = false;
            foreach (var row in Started)
                row.Failure = new InferenceException(ErrorKind.Internal, "It failed as the test wished.");
            return;
        }

        decoder.Step();
    }

    public Span<float> LogitsOf(DecoderRow row) => decoder.LogitsOf(row);

    public void End(DecoderRow row)
    {
        Started.Remove(row);
        decoder.End(row);
    }

    public void Dispose()
    {
        IsDisposed = true;
        decoder.Dispose();
    }
}
