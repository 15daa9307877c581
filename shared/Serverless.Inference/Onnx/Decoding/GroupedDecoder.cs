using Serverless.Contracts.Errors;
using Serverless.Inference.Generation.Memory;

namespace Serverless.Inference.Onnx.Decoding;

/// <summary>
/// Decoders whose graph joins past and new keys and values itself: rows of about the same length run together, and are laid out anew only
/// when one joins or leaves.
/// </summary>
internal sealed class GroupedDecoder : IDecoder
{
    private readonly DecoderSession _session;
    private readonly DecoderLimits _limits;
    private readonly DecoderMemory _memory;
    private readonly List<GroupedRow> _started = [];
    private List<RowGroup> _groups = [];
    private GroupedRow? _entering;
    private bool _hasChanged;

    public GroupedDecoder(DecoderSession session, DecoderLimits limits)
    {
        (_session, _limits, Shape) = (session, limits, KvShape.Of(session.Record));
        _memory = new DecoderMemory(session, limits);
    }

    public KvShape Shape { get; }

    public long Bytes => _groups.Sum(group => group.Bytes) + (_entering?.Group.Bytes ?? 0);

    public int LongestChunk => _limits.Chunk;

    public bool Fits(int rows, int longest)
    {
        if (rows > _limits.Rows || longest > _limits.Context)
            return false;
        var part = KvBuffer.PartBytes(Shape, rows, RowGroup.Capacity(longest, _limits.Context));
        return part <= int.MaxValue && part * Shape.Parts * 2 <= _limits.KvBytes;
    }

    public void Reserve(int rows, int longest)
    {
        // Memory is taken as rows grow.
    }

    public DecoderRow Begin()
    {
        _entering = Alone(0);
        return _entering;
    }

    public void Load(DecoderRow row, IReadOnlyList<KvBuffer> blocks)
    {
        if (blocks.Count == 0)
            return;
        var own = (GroupedRow)row;
        own.Group.Dispose();
        own.Group = new RowGroup(Shape, _limits.Context, 1, blocks.Sum(block => block.Length));
        own.Group.Rows.Add(own);
        foreach (var block in blocks)
        {
            KvBuffer.Copy(new KvPlace(block, 0, 0), Locate(row).After(row.Length), block.Length);
            row.Length += block.Length;
        }
    }

    public KvPlace Locate(DecoderRow row)
    {
        var own = (GroupedRow)row;
        return own.Group.Past with { Row = own.Index, Start = own.Padding };
    }

    public void Prefill(DecoderRow row, ReadOnlySpan<int> tokens)
    {
        var group = ((GroupedRow)row).Group;
        var total = row.Length + tokens.Length;
        _memory.WritePrompt(tokens, row.Length);
        Run(group, 1, tokens.Length, 0);
        row.Length = total;
        row.LogitsIndex = _session.Record.LastLogitsOnly ? 0 : tokens.Length - 1;
    }

    public void Start(DecoderRow row)
    {
        _started.Add((GroupedRow)row);
        _groups.Add(((GroupedRow)row).Group);
        _entering = null;
        _hasChanged = true;
    }

    public DecoderRow Fork(DecoderRow row)
    {
        var fork = Alone(row.Length);
        KvBuffer.Copy(Locate(row), Locate(fork), row.Length);
        fork.Length = row.Length;
        Start(fork);
        return fork;
    }

    public void Step()
    {
        if (_hasChanged)
            Regroup();
        var first = 0;
        foreach (var group in _groups)
        {
            Step(group, first);
            first += group.Rows.Count;
        }
    }

    public Span<float> LogitsOf(DecoderRow row) => _memory.Logits.At(row.LogitsIndex);

    public void End(DecoderRow row)
    {
        var own = (GroupedRow)row;
        _hasChanged = true;
        if (!_started.Remove(own))
        {
            _entering = null;
            own.Group.Dispose();
        }
        else if (_started.Count == 0)
        {
            Regroup();
        }
    }

    public void Dispose()
    {
        _entering?.Group.Dispose();
        _groups.ForEach(group => group.Dispose());
        _memory.Dispose();
        _session.Dispose();
    }

    private void Step(RowGroup group, int first)
    {
        Write(group);
        try
        {
            Run(group, group.Rows.Count, 1, first);
        }
        catch (InferenceException error)
        {
            group.Rows.ForEach(row => row.Failure = error);
            return;
        }

        for (var i = 0; i < group.Rows.Count; i++)
        {
            group.Rows[i].Length++;
            group.Rows[i].LogitsIndex = first + i;
        }
    }

    private void Run(RowGroup group, int rows, int length, int logits)
    {
        var (past, present) = (group.Past, group.Next(length));
        using (var run = new BoundRun(_session, _memory, new RunShape(past, present, rows, length, logits)))
            run.Run(present.Buffer.Length);
        group.Turn();
    }

    private void Write(RowGroup group)
    {
        var (rows, total) = (group.Rows.Count, group.Length + 1);
        var ids = _memory.Ids.Of(rows, 1);
        var positions = _memory.Positions.Of(rows, 1);
        var mask = _memory.Mask.Of(rows, total);
        for (var i = 0; i < rows; i++)
        {
            var row = group.Rows[i];
            (ids[i], positions[i]) = (row.Token, row.Length);
            var line = mask.Slice(i * total, total);
            line[..row.Padding].Clear();
            line[row.Padding..].Fill(1);
        }
    }

    private GroupedRow Alone(int length)
    {
        var row = new GroupedRow(new RowGroup(Shape, _limits.Context, 1, length));
        row.Group.Rows.Add(row);
        return row;
    }

    private void Regroup()
    {
        _hasChanged = false;
        var groups = RowGrouping.Of(_started, _session.HasPositions && _session.HasMask).ConvertAll(Find);
        // Those that stay as they are keep both their buffers.
        var old = _groups.Except(groups.Select(group => group.Known).OfType<RowGroup>()).ToList();
        old.ForEach(group => group.Trim());
        _groups = groups.ConvertAll(group => group.Known ?? Gather(group.Rows));
        old.ForEach(group => group.Dispose());
    }

    private static (List<GroupedRow> Rows, RowGroup? Known) Find(List<GroupedRow> rows) =>
        (rows, rows[0].Group.Rows.SequenceEqual(rows) ? rows[0].Group : null);

    private RowGroup Gather(List<GroupedRow> rows)
    {
        var group = new RowGroup(Shape, _limits.Context, rows.Count, rows[0].Length);
        var places = rows.ConvertAll(Locate);
        for (var i = 0; i < rows.Count; i++)
        {
            var padding = group.Length - rows[i].Length;
            var place = group.Past with { Row = i };
            group.Past.Buffer.Clear(place, padding);
            KvBuffer.Copy(places[i], place.After(padding), rows[i].Length);
            (rows[i].Group, rows[i].Index, rows[i].Padding) = (group, i, padding);
            group.Rows.Add(rows[i]);
        }

        return group;
    }
}
