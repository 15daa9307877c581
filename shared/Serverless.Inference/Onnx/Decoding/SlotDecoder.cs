using System.Numerics;
using Serverless.Contracts.Errors;
using Serverless.Inference.Generation.Memory;

namespace Serverless.Inference.Onnx.Decoding;

/// <summary>
/// Decoders whose attention writes keys and values in place. All rows lie in one buffer, each with room for the longest: first those that
/// step, then the one that is being prefilled. Where a row leaves the last one moves in, so that a step's rows are always the first.
/// </summary>
internal sealed class SlotDecoder : IDecoder
{
    // Below that a buffer is not worth growing bit by bit.
    private const int ShortestSlot = 256;

    private readonly DecoderSession _session;
    private readonly DecoderLimits _limits;
    private readonly DecoderMemory _memory;
    private readonly List<DecoderRow> _rows = [];
    private readonly BoundRun?[] _steps;
    private KvBuffer? _kv;
    private int _started;

    public SlotDecoder(DecoderSession session, DecoderLimits limits)
    {
        (_session, _limits, Shape) = (session, limits, KvShape.Of(session.Record));
        _memory = new DecoderMemory(session, limits);
        _steps = new BoundRun?[limits.Rows + 1];
    }

    public KvShape Shape { get; }

    public long Bytes => _kv?.Bytes ?? 0;

    public int LongestChunk => _limits.Chunk;

    public bool Fits(int rows, int longest) => rows <= _limits.Rows && longest <= _limits.Context && Holds(rows, longest);

    public void Reserve(int rows, int longest)
    {
        if (_kv is not null && _kv.Rows >= rows && _kv.Length >= longest)
            return;
        var length = Math.Min(_limits.Context, Math.Max(ShortestSlot, RoundUp(longest)));
        length = Math.Max(length, _kv?.Length ?? 0);
        var slots = Math.Max(Math.Min(_limits.Rows, RoundUp(rows)), _kv?.Rows ?? 0);
        // Room to grow where there is memory for it, and what is needed where there is not.
        if (!Holds(slots, length))
            (slots, length) = Holds(rows, length) ? (rows, length) : (rows, longest);
        Forget();
        if (_kv is null)
            _kv = new KvBuffer(Shape, slots, length);
        else
            _kv.Resize(slots, length, [.. _rows.Select(row => row.Length)]);
    }

    public DecoderRow Begin()
    {
        if (_rows.Count >= (_kv?.Rows ?? 0))
            throw new InvalidOperationException("No row was reserved.");
        var row = new DecoderRow { Index = _rows.Count };
        _rows.Add(row);
        return row;
    }

    public void Load(DecoderRow row, IReadOnlyList<KvBuffer> blocks)
    {
        foreach (var block in blocks)
        {
            KvBuffer.Copy(new KvPlace(block, 0, 0), Locate(row).After(row.Length), block.Length);
            row.Length += block.Length;
        }
    }

    public KvPlace Locate(DecoderRow row) => new(_kv!, row.Index, 0);

    public void Prefill(DecoderRow row, ReadOnlySpan<int> tokens)
    {
        var total = row.Length + tokens.Length;
        ThrowIfBeyond(total);
        _memory.WritePrompt(tokens, row.Length);
        var place = Locate(row);
        using (var run = new BoundRun(_session, _memory, new RunShape(place, place, 1, tokens.Length, 0)))
            run.Run(total);
        row.Length = total;
        row.LogitsIndex = _session.Record.LastLogitsOnly ? 0 : tokens.Length - 1;
    }

    public void Start(DecoderRow row)
    {
        if (row.Index != _started)
            throw new InvalidOperationException("Rows start in the order in which they began.");
        _started++;
    }

    public DecoderRow Fork(DecoderRow row)
    {
        var fork = Begin();
        KvBuffer.Copy(Locate(row), Locate(fork), row.Length);
        fork.Length = row.Length;
        Start(fork);
        return fork;
    }

    public void Step()
    {
        if (_started == 0)
            return;
        var total = 1 + LongestStarted();
        ThrowIfBeyond(total);
        Write(total);
        try
        {
            var place = new KvPlace(_kv!, 0, 0);
            (_steps[_started] ??= new BoundRun(_session, _memory, new RunShape(place, place, _started, 1, 0))).Run(total);
        }
        catch (InferenceException error)
        {
            foreach (var row in _rows.Take(_started))
                row.Failure = error;
            return;
        }

        for (var i = 0; i < _started; i++)
        {
            _rows[i].Length++;
            _rows[i].LogitsIndex = i;
        }
    }

    public Span<float> LogitsOf(DecoderRow row) => _memory.Logits.At(row.LogitsIndex);

    public void End(DecoderRow row)
    {
        var hole = row.Index;
        if (hole < _started)
        {
            var last = --_started;
            Move(last, hole);
            hole = last;
        }

        // What is left is at the end, unless a row that has not started comes after it.
        Move(_rows.Count - 1, hole);
        _rows.RemoveAt(_rows.Count - 1);
    }

    public void Dispose()
    {
        Forget();
        _kv?.Dispose();
        _memory.Dispose();
        _session.Dispose();
    }

    private static int RoundUp(int count) => (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)count), int.MaxValue);

    private bool Holds(int rows, int length)
    {
        var part = KvBuffer.PartBytes(Shape, rows, length);
        return part <= int.MaxValue && part * Shape.Parts <= _limits.KvBytes;
    }

    // The kernel writes where it is told to.
    private void ThrowIfBeyond(int total)
    {
        if (total > _kv!.Length)
            throw new InvalidOperationException($"{total} tokens are more than the {_kv.Length} that were reserved.");
    }

    private int LongestStarted()
    {
        var longest = 0;
        for (var i = 0; i < _started; i++)
            longest = Math.Max(longest, _rows[i].Length);
        return longest;
    }

    private void Write(int total)
    {
        var ids = _memory.Ids.Of(_started, 1);
        var positions = _memory.Positions.Of(_started, 1);
        var mask = _memory.Mask.Of(_started, total);
        for (var i = 0; i < _started; i++)
        {
            var row = _rows[i];
            (ids[i], positions[i]) = (row.Token, row.Length);
            var line = mask.Slice(i * total, total);
            line[..(row.Length + 1)].Fill(1);
            line[(row.Length + 1)..].Clear();
        }
    }

    private void Move(int from, int to)
    {
        if (from == to)
            return;
        var row = _rows[from];
        KvBuffer.Copy(new KvPlace(_kv!, from, 0), new KvPlace(_kv!, to, 0), row.Length);
        row.Index = to;
        _rows[to] = row;
    }

    // Bound to memory that is about to go.
    private void Forget()
    {
        for (var i = 0; i < _steps.Length; i++)
        {
            _steps[i]?.Dispose();
            _steps[i] = null;
        }
    }
}
