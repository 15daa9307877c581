using TinyLm.Layers;
using TinyLm.Numerics;

namespace TinyLm.Network;

/// <summary>Room for the gradients of a layer's inner values, used by all layers one after another.</summary>
internal sealed class BackwardScratch(DecoderShape shape, int positions, int longest)
{
    private readonly float[] _gradient = new float[positions * shape.Width];
    private readonly float[] _width = new float[positions * shape.Width];
    private readonly float[] _attention = new float[positions * shape.AttentionWidth];
    private readonly float[] _heads = new float[positions * shape.QueryWidth];
    private readonly float[] _gateUp = new float[positions * 2 * shape.Hidden];
    private readonly float[] _hidden = new float[positions * shape.Hidden];

    /// <summary>Positions of each sequence in the run that is under way.</summary>
    public int Length { get; set; } = longest;

    public float[] Scores { get; } = new float[CausalAttention.ScratchSize(longest)];

    /// <summary>The gradient of the residual stream, zero.</summary>
    public Matrix Gradient(int positions) => Cleared(_gradient, positions, shape.Width);

    public Matrix Width(int positions) => new(_width, positions, shape.Width);

    /// <summary>Queries, keys and values, zero.</summary>
    public Matrix Attention(int positions) => Cleared(_attention, positions, shape.AttentionWidth);

    public Matrix Heads(int positions) => new(_heads, positions, shape.QueryWidth);

    public Matrix GateUp(int positions) => new(_gateUp, positions, 2 * shape.Hidden);

    public Matrix Hidden(int positions) => new(_hidden, positions, shape.Hidden);

    private static Matrix Cleared(float[] data, int positions, int columns)
    {
        data.AsSpan(0, positions * columns).Clear();
        return new(data, positions, columns);
    }
}
