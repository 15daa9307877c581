using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using TinyLm.Network;

namespace TinyLm.Training;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, 2019).</summary>
internal static class AdamW
{
    private const float MeanDecay = 0.9f;
    private const float SquareDecay = 0.95f;
    private const float Epsilon = 1e-8f;

    /// <param name="state">What is updated; its step counts from 0.</param>
    /// <param name="gradients">Of the weights.</param>
    /// <param name="scale">What gradients are multiplied with first.</param>
    /// <param name="rate">How far to go.</param>
    /// <param name="weightDecay">How much matrices shrink, per unit of the rate.</param>
    public static void Update(TrainingState state, DecoderWeights gradients, float scale, float rate, float weightDecay)
    {
        foreach (var range in state.Weights.Decaying())
        {
            var values = state.Weights.Values.AsSpan(range);
            TensorPrimitives.Multiply(values, 1 - (rate * weightDecay), values);
        }

        var meanScale = 1 / (1 - MathF.Pow(MeanDecay, state.Step + 1));
        var squareScale = 1 / (1 - MathF.Pow(SquareDecay, state.Step + 1));
        var vectors = state.Weights.Values.Length / Vector<float>.Count * Vector<float>.Count;
        var weights = MemoryMarshal.Cast<float, Vector<float>>(state.Weights.Values.AsSpan(0, vectors));
        var means = MemoryMarshal.Cast<float, Vector<float>>(state.Mean.Values.AsSpan(0, vectors));
        var squares = MemoryMarshal.Cast<float, Vector<float>>(state.Square.Values.AsSpan(0, vectors));
        var slopes = MemoryMarshal.Cast<float, Vector<float>>(gradients.Values.AsSpan(0, vectors));
        for (var i = 0; i < weights.Length; i++)
        {
            var slope = slopes[i] * scale;
            means[i] = (means[i] * MeanDecay) + (slope * (1 - MeanDecay));
            squares[i] = (squares[i] * SquareDecay) + (slope * slope * (1 - SquareDecay));
            weights[i] -= means[i] * (rate * meanScale) / (Vector.SquareRoot(squares[i] * squareScale) + new Vector<float>(Epsilon));
        }

        for (var i = vectors; i < state.Weights.Values.Length; i++)
        {
            var slope = gradients.Values[i] * scale;
            state.Mean.Values[i] = (state.Mean.Values[i] * MeanDecay) + (slope * (1 - MeanDecay));
            state.Square.Values[i] = (state.Square.Values[i] * SquareDecay) + (slope * slope * (1 - SquareDecay));
            var spread = MathF.Sqrt(state.Square.Values[i] * squareScale) + Epsilon;
            state.Weights.Values[i] -= state.Mean.Values[i] * (rate * meanScale) / spread;
        }
    }
}
