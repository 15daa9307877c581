using Serverless.Inference.Generation.Memory;

namespace Serverless.Inference.Onnx.Decoding;

/// <summary>
/// Rows that run together, padded at their beginning to one length. What a run writes is what the next reads: two buffers that take turns,
/// so that nothing is copied beyond what the graph itself copies.
/// </summary>
internal sealed class RowGroup : IDisposable
{
    // Room for as many steps before the memory must grow.
    private const int Slack = 64;

    private readonly KvShape _shape;
    private readonly int _context;
    private KvBuffer _past;
    private KvBuffer? _next;

    public RowGroup(KvShape shape, int context, int rows, int length)
    {
        (_shape, _context) = (shape, context);
        _past = Allocate(rows, length);
    }

    public List<GroupedRow> Rows { get; } = [];

    /// <summary>Positions of every row.</summary>
    public int Length => _past.Length;

    public long Bytes => _past.Bytes + (_next?.Bytes ?? 0);

    public KvPlace Past => new(_past, 0, 0);

    /// <summary>Memory of a group's buffer.</summary>
    public static int Capacity(int length, int context) => Math.Max(length, Math.Min((length + Slack) / Slack * Slack, context));

    /// <summary>Where a run over <paramref name="count"/> new positions writes.</summary>
    public KvPlace Next(int count)
    {
        var length = Length + count;
        if (_next is null || !_next.Holds(_past.Rows, length))
        {
            _next?.Dispose();
            _next = Allocate(_past.Rows, length);
        }

        _next.Reshape(_past.Rows, length);
        return new KvPlace(_next, 0, 0);
    }

    /// <summary>What the run wrote is the past now.</summary>
    public void Turn() => (_past, _next) = (_next!, _past);

    /// <summary>Gives back the memory that no run needs at the moment.</summary>
    public void Trim()
    {
        _next?.Dispose();
        _next = null;
    }

    public void Dispose()
    {
        Trim();
        _past.Dispose();
    }

    private KvBuffer Allocate(int rows, int length)
    {
        var buffer = new KvBuffer(_shape, rows, Capacity(length, _context));
        buffer.Reshape(rows, length);
        return buffer;
    }
}
