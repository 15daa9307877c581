using TinyLm.Layers;
using TinyLm.Numerics;

namespace TinyLm.Network;

/// <summary>What one layer computed on the way forward and needs again on the way back.</summary>
internal sealed class LayerActivations
{
    private readonly DecoderShape _shape;
    private readonly float[] _normed;
    private readonly float[] _attention;
    private readonly float[] _weights;
    private readonly float[] _heads;
    private readonly float[] _middle;
    private readonly float[] _middleNormed;
    private readonly float[] _gateUp;
    private readonly float[] _hidden;
    private readonly float[] _output;

    public LayerActivations(DecoderShape shape, int positions, int longest)
    {
        _shape = shape;
        _normed = new float[positions * shape.Width];
        _attention = new float[positions * shape.AttentionWidth];
        _weights = new float[positions * shape.Heads * longest];
        _heads = new float[positions * shape.QueryWidth];
        _middle = new float[positions * shape.Width];
        _middleNormed = new float[positions * shape.Width];
        _gateUp = new float[positions * 2 * shape.Hidden];
        _hidden = new float[positions * shape.Hidden];
        _output = new float[positions * shape.Width];
        Inverse = new float[positions];
        MiddleInverse = new float[positions];
    }

    public float[] Inverse { get; }

    public float[] MiddleInverse { get; }

    public Matrix Output(int positions) => new(_output, positions, _shape.Width);

    /// <summary>Runs one layer over sequences of one length that lie behind each other.</summary>
    public void Forward(DecoderWeights weights, int layer, Rotary rotary, Matrix input, int length)
    {
        var positions = input.Rows;
        var normed = Normed(positions);
        var attention = Attention(positions);
        var heads = Heads(positions);
        RmsNorm.Forward(input, weights.AttentionNorm(layer), _shape.Epsilon, Inverse, normed);
        Gemm.Multiply(normed, weights.Attention(layer), attention);
        for (var start = 0; start < positions; start += length)
        {
            var sequence = attention.RowsFrom(start, length);
            rotary.Turn(sequence.ColumnsFrom(0, _shape.QueryWidth + _shape.KeyWidth));
            CausalAttention.Forward(_shape, sequence, AttentionWeights(start, length), heads.RowsFrom(start, length));
        }

        var middle = Middle(positions);
        var middleNormed = MiddleNormed(positions);
        var gateUp = GateUp(positions);
        Copy(input, middle);
        Gemm.Multiply(heads, weights.Output(layer), middle, accumulate: true);
        RmsNorm.Forward(middle, weights.FeedForwardNorm(layer), _shape.Epsilon, MiddleInverse, middleNormed);
        Gemm.Multiply(middleNormed, weights.GateUp(layer), gateUp);
        SwiGlu.Forward(gateUp, Hidden(positions));
        Copy(middle, Output(positions));
        Gemm.Multiply(Hidden(positions), weights.Down(layer), Output(positions), accumulate: true);
    }

    /// <summary>
    /// Takes <paramref name="gradient"/> from this layer's output to its input, in place, and adds to those of the weights.
    /// </summary>
    public void Backward(
        DecoderWeights weights, DecoderWeights gradients, int layer, Rotary rotary, Matrix input, Matrix gradient, BackwardScratch scratch)
    {
        var positions = input.Rows;
        var hidden = scratch.Hidden(positions);
        var gateUp = scratch.GateUp(positions);
        Gemm.Multiply(gradient, weights.Down(layer).Transposed, hidden);
        Gemm.Multiply(Hidden(positions).Transposed, gradient, gradients.Down(layer), accumulate: true);
        SwiGlu.Backward(GateUp(positions), hidden, gateUp);
        var width = scratch.Width(positions);
        Gemm.Multiply(gateUp, weights.GateUp(layer).Transposed, width);
        Gemm.Multiply(MiddleNormed(positions).Transposed, gateUp, gradients.GateUp(layer), accumulate: true);
        RmsNorm.Backward(
            Middle(positions), weights.FeedForwardNorm(layer), MiddleInverse, width, gradient, gradients.FeedForwardNorm(layer));

        var heads = scratch.Heads(positions);
        var attention = scratch.Attention(positions);
        Gemm.Multiply(gradient, weights.Output(layer).Transposed, heads);
        Gemm.Multiply(Heads(positions).Transposed, gradient, gradients.Output(layer), accumulate: true);
        AttentionBackward(rotary, heads, attention, scratch);
        Gemm.Multiply(attention, weights.Attention(layer).Transposed, width);
        Gemm.Multiply(Normed(positions).Transposed, attention, gradients.Attention(layer), accumulate: true);
        RmsNorm.Backward(input, weights.AttentionNorm(layer), Inverse, width, gradient, gradients.AttentionNorm(layer));
    }

    private void AttentionBackward(Rotary rotary, Matrix headsGradient, Matrix attentionGradient, BackwardScratch scratch)
    {
        var attention = Attention(attentionGradient.Rows);
        for (var start = 0; start < attention.Rows; start += scratch.Length)
        {
            var sequence = attentionGradient.RowsFrom(start, scratch.Length);
            CausalAttention.Backward(
                _shape,
                attention.RowsFrom(start, scratch.Length),
                AttentionWeights(start, scratch.Length),
                headsGradient.RowsFrom(start, scratch.Length),
                sequence,
                scratch.Scores);
            rotary.TurnBack(sequence.ColumnsFrom(0, _shape.QueryWidth + _shape.KeyWidth));
        }
    }

    private static void Copy(Matrix source, Matrix target)
    {
        for (var row = 0; row < source.Rows; row++)
            source.Row(row).CopyTo(target.Row(row));
    }

    private Matrix Normed(int positions) => new(_normed, positions, _shape.Width);

    private Matrix Attention(int positions) => new(_attention, positions, _shape.AttentionWidth);

    private Matrix AttentionWeights(int start, int length) =>
        new(_weights.AsSpan(start * _shape.Heads * length), _shape.Heads * length, length);

    private Matrix Heads(int positions) => new(_heads, positions, _shape.QueryWidth);

    private Matrix Middle(int positions) => new(_middle, positions, _shape.Width);

    private Matrix MiddleNormed(int positions) => new(_middleNormed, positions, _shape.Width);

    private Matrix GateUp(int positions) => new(_gateUp, positions, 2 * _shape.Hidden);

    private Matrix Hidden(int positions) => new(_hidden, positions, _shape.Hidden);
}
