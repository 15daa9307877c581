using TinyLm.Numerics;

namespace TinyLm.Layers;

/// <summary>Rotary positions: the two halves of each head turn by an angle that grows with the position (not interleaved).</summary>
internal sealed class Rotary
{
    private readonly int _half;

    public Rotary(int positions, int headSize, float rotaryBase)
    {
        _half = headSize / 2;
        Cosines = new float[positions * _half];
        Sines = new float[positions * _half];
        for (var position = 0; position < positions; position++)
        {
            for (var i = 0; i < _half; i++)
            {
                var angle = position * Math.Pow(rotaryBase, -2.0 * i / headSize);
                Cosines[(position * _half) + i] = (float)Math.Cos(angle);
                Sines[(position * _half) + i] = (float)Math.Sin(angle);
            }
        }
    }

    /// <summary>[positions, half a head].</summary>
    public float[] Cosines { get; }

    /// <summary>[positions, half a head].</summary>
    public float[] Sines { get; }

    /// <summary>Turns every head of one sequence in place; the rows are its positions.</summary>
    public void Turn(Matrix heads) => Turn(heads, 1);

    /// <summary>Turns gradients back.</summary>
    public void TurnBack(Matrix heads) => Turn(heads, -1);

    private void Turn(Matrix heads, float direction)
    {
        for (var position = 0; position < heads.Rows; position++)
        {
            var row = heads.Row(position);
            var cosines = Cosines.AsSpan(position * _half, _half);
            var sines = Sines.AsSpan(position * _half, _half);
            for (var head = 0; head < row.Length; head += 2 * _half)
                TurnHead(row.Slice(head, 2 * _half), cosines, sines, direction);
        }
    }

    private static void TurnHead(Span<float> head, ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines, float direction)
    {
        var first = head[..cosines.Length];
        var second = head.Slice(cosines.Length, cosines.Length);
        for (var i = 0; i < cosines.Length; i++)
        {
            var (x, y, sine) = (first[i], second[i], direction * sines[i]);
            first[i] = (x * cosines[i]) - (y * sine);
            second[i] = (y * cosines[i]) + (x * sine);
        }
    }
}
