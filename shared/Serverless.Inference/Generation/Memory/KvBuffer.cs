using Serverless.Inference.Tensors;

namespace Serverless.Inference.Generation.Memory;

/// <summary>
/// Memory for keys and values of several rows, laid out as graphs take it: per part <c>[rows, heads, length, size]</c>. What it holds is
/// whatever lay there before until it is written.
/// </summary>
internal sealed unsafe class KvBuffer : IDisposable
{
    private readonly KvShape _shape;
    private readonly TensorBlock[] _parts;

    public KvBuffer(KvShape shape, int rows, int length)
    {
        (_shape, Rows, Length) = (shape, rows, length);
        _parts = new TensorBlock[shape.Parts];
        var bytes = PartBytes(shape, rows, length);
        try
        {
            for (var part = 0; part < _parts.Length; part++)
                _parts[part] = new TensorBlock(checked((int)bytes));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Rows { get; private set; }

    public int Length { get; private set; }

    /// <summary>Memory that it takes.</summary>
    public long Bytes => (long)_parts[0].Capacity * _parts.Length;

    public static long PartBytes(KvShape shape, int rows, int length) => Math.Max(1, (long)rows * length * shape.Heads * shape.HeadBytes);

    /// <summary>Copies positions of a row into a row of another buffer.</summary>
    public static void Copy(KvPlace from, KvPlace to, int count)
    {
        from.Buffer.Check(from, count);
        to.Buffer.Check(to, count);
        var shape = from.Buffer._shape;
        var bytes = (long)count * shape.HeadBytes;
        for (var part = 0; part < shape.Parts; part++)
        {
            for (var head = 0; head < shape.Heads; head++)
                Buffer.MemoryCopy((void*)from.Buffer.AddressOf(part, from, head), (void*)to.Buffer.AddressOf(part, to, head), bytes, bytes);
        }
    }

    /// <summary>Sets positions of a row to zero.</summary>
    public void Clear(KvPlace place, int count)
    {
        Check(place, count);
        for (var part = 0; part < _shape.Parts; part++)
        {
            for (var head = 0; head < _shape.Heads; head++)
                new Span<byte>((void*)AddressOf(part, place, head), count * _shape.HeadBytes).Clear();
        }
    }

    /// <summary>Where a row begins.</summary>
    public nint AddressOf(int part, int row) => _parts[part].Address + (nint)((long)row * _shape.Heads * Length * _shape.HeadBytes);

    /// <summary>Bytes of <paramref name="rows"/> rows in each part.</summary>
    public long BytesOf(int rows) => (long)rows * _shape.Heads * Length * _shape.HeadBytes;

    /// <summary>Whether the memory is enough for the layout.</summary>
    public bool Holds(int rows, int length) => PartBytes(_shape, rows, length) <= _parts[0].Capacity;

    /// <summary>Lays the memory out anew; what it held is lost.</summary>
    public void Reshape(int rows, int length)
    {
        if (!Holds(rows, length))
            throw new ArgumentOutOfRangeException(nameof(rows), rows, "The memory is not enough for so many rows.");
        (Rows, Length) = (rows, length);
    }

    /// <summary>
    /// Moves to memory of another size. What was asked for is taken when it is written to, so no more than one part is there twice.
    /// </summary>
    /// <param name="rows">Rows afterwards.</param>
    /// <param name="length">Positions of each afterwards.</param>
    /// <param name="used">How many positions of each of the first rows are kept.</param>
    public void Resize(int rows, int length, ReadOnlySpan<int> used)
    {
        var next = new KvBuffer(_shape, rows, length);
        for (var part = 0; part < _parts.Length; part++)
        {
            for (var row = 0; row < used.Length; row++)
            {
                for (var head = 0; head < _shape.Heads; head++)
                {
                    var bytes = (long)used[row] * _shape.HeadBytes;
                    Buffer.MemoryCopy(
                        (void*)AddressOf(part, new KvPlace(this, row, 0), head),
                        (void*)next.AddressOf(part, new KvPlace(next, row, 0), head), bytes, bytes);
                }
            }

            _parts[part].Dispose();
            _parts[part] = next._parts[part];
        }

        (Rows, Length) = (rows, length);
    }

    public void Dispose()
    {
        foreach (var part in _parts)
            part?.Dispose();
    }

    private void Check(KvPlace place, int count)
    {
        if (place.Row < 0 || place.Row >= Rows || place.Start < 0 || count < 0 || place.Start > Length - count)
            throw new ArgumentOutOfRangeException(nameof(place), place, $"There are no {count} positions in {Rows} rows of {Length}.");
    }

    private nint AddressOf(int part, KvPlace place, int head) => _parts[part].Address
        + (nint)(((((((long)place.Row * _shape.Heads) + head) * Length) + place.Start) * _shape.HeadBytes));
}
