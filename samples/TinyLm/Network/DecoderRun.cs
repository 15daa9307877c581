using System.Numerics.Tensors;
using TinyLm.Layers;
using TinyLm.Numerics;
using TinyLm.Training;

namespace TinyLm.Network;

/// <summary>
/// Runs a decoder forward and back over sequences of one length. Holds all inner values, so that it serves one thread at a time and runs
/// of the same size allocate nothing.
/// </summary>
internal sealed class DecoderRun
{
    private readonly DecoderShape _shape;
    private readonly Rotary _rotary;
    private readonly LayerActivations[] _layers;
    private readonly BackwardScratch _scratch;
    private readonly float[] _embedded;
    private readonly float[] _normed;
    private readonly float[] _inverse;
    private readonly float[] _logits;

    /// <param name="shape">The decoder's.</param>
    /// <param name="positions">The most positions of all sequences together.</param>
    /// <param name="longest">The most of one.</param>
    public DecoderRun(DecoderShape shape, int positions, int longest)
    {
        _shape = shape;
        _rotary = new Rotary(longest, shape.HeadSize, shape.RotaryBase);
        _layers = [.. Enumerable.Range(0, shape.Layers).Select(_ => new LayerActivations(shape, positions, longest))];
        _scratch = new BackwardScratch(shape, positions, longest);
        _embedded = new float[positions * shape.Width];
        _normed = new float[positions * shape.Width];
        _inverse = new float[positions];
        _logits = new float[positions * shape.Vocabulary];
    }

    /// <summary>Logits of every position, [tokens, vocabulary]; overwritten by the next run.</summary>
    /// <param name="weights">The decoder's.</param>
    /// <param name="tokens">Sequences behind each other.</param>
    /// <param name="length">Tokens of each.</param>
    public Matrix Forward(DecoderWeights weights, ReadOnlySpan<int> tokens, int length)
    {
        if (tokens.Length % length != 0)
            throw new ArgumentException($"{tokens.Length} tokens are no whole number of sequences of {length}.");
        _scratch.Length = length;
        for (var position = 0; position < tokens.Length; position++)
            weights.Embedding.Row(tokens[position]).CopyTo(Input(0, tokens.Length).Row(position));
        for (var layer = 0; layer < _shape.Layers; layer++)
            _layers[layer].Forward(weights, layer, _rotary, Input(layer, tokens.Length), length);
        var normed = new Matrix(_normed, tokens.Length, _shape.Width);
        RmsNorm.Forward(Input(_shape.Layers, tokens.Length), weights.FinalNorm, _shape.Epsilon, _inverse, normed);
        var logits = new Matrix(_logits, tokens.Length, _shape.Vocabulary);
        Gemm.Multiply(normed, weights.Embedding.Transposed, logits);
        return logits;
    }

    /// <summary>The summed loss of the tokens that follow.</summary>
    public double Loss(DecoderWeights weights, ReadOnlySpan<int> tokens, ReadOnlySpan<int> targets, int length) =>
        TokenLoss.Forward(Forward(weights, tokens, length), targets);

    /// <summary>The same, and adds its gradient times <paramref name="scale"/> to <paramref name="gradients"/>.</summary>
    public double LossAndGradient(
        DecoderWeights weights, DecoderWeights gradients, ReadOnlySpan<int> tokens, ReadOnlySpan<int> targets, int length, float scale)
    {
        var loss = Loss(weights, tokens, targets, length);
        var logits = new Matrix(_logits, tokens.Length, _shape.Vocabulary);
        TokenLoss.Backward(logits, targets, scale);
        Backward(weights, gradients, tokens, logits);
        return loss;
    }

    /// <summary>The same of a student, whose teacher's logits are <paramref name="wanted"/>.</summary>
    public double LossAndGradient(
        DecoderWeights weights, DecoderWeights gradients, ReadOnlySpan<int> tokens, ReadOnlySpan<int> targets, int length, float scale,
        Matrix wanted, Teacher teacher)
    {
        var logits = Forward(weights, tokens, length);
        var loss = SoftLoss.Run(logits, wanted, teacher, targets, scale);
        Backward(weights, gradients, tokens, logits);
        return loss;
    }

    private void Backward(DecoderWeights weights, DecoderWeights gradients, ReadOnlySpan<int> tokens, Matrix logits)
    {
        var normed = new Matrix(_normed, tokens.Length, _shape.Width);
        var normedGradient = _scratch.Width(tokens.Length);
        Gemm.Multiply(logits, weights.Embedding, normedGradient);
        Gemm.Multiply(logits.Transposed, normed, gradients.Embedding, accumulate: true);
        var gradient = _scratch.Gradient(tokens.Length);
        RmsNorm.Backward(Input(_shape.Layers, tokens.Length), weights.FinalNorm, _inverse, normedGradient, gradient, gradients.FinalNorm);
        for (var layer = _shape.Layers - 1; layer >= 0; layer--)
            _layers[layer].Backward(weights, gradients, layer, _rotary, Input(layer, tokens.Length), gradient, _scratch);
        for (var position = 0; position < tokens.Length; position++)
        {
            var target = gradients.Embedding.Row(tokens[position]);
            TensorPrimitives.Add(target, gradient.Row(position), target);
        }
    }

    /// <summary>The residual stream before a layer.</summary>
    private Matrix Input(int layer, int positions) =>
        layer == 0 ? new(_embedded, positions, _shape.Width) : _layers[layer - 1].Output(positions);
}
