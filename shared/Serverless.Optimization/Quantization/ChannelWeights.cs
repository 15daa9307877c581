using System.Diagnostics.CodeAnalysis;

namespace Serverless.Optimization.Quantization;

/// <summary>
/// Weights as int8 with one scale for each channel: a weight is its whole number times the scale of its channel, and off by at most half a
/// scale. A channel's scale is its largest magnitude over 127.
/// </summary>
/// <param name="Values">Whole numbers from -127 to 127, in the order of the weights.</param>
/// <param name="Scales">One for each channel.</param>
[SuppressMessage("Performance", "CA1819:Properties should not return arrays", Justification = "Plain numbers, made for one use.")]
internal sealed record ChannelWeights(sbyte[] Values, float[] Scales)
{
    private const float Most = sbyte.MaxValue;

    /// <summary>Rounds to the nearest, halves to even.</summary>
    public static ChannelWeights Quantize(ReadOnlySpan<float> weights, IReadOnlyList<long> shape, int axis)
    {
        var channels = (int)shape[axis];
        var inner = (int)shape.Skip(axis + 1).Aggregate(1L, (product, size) => product * size);
        var scales = new float[channels];
        for (var i = 0; i < weights.Length; i++)
        {
            ref var largest = ref scales[i / inner % channels];
            largest = MathF.Max(largest, MathF.Abs(weights[i]));
        }

        for (var channel = 0; channel < channels; channel++)
            scales[channel] = scales[channel] is > 0 and < float.PositiveInfinity ? scales[channel] / Most : 1;
        var values = new sbyte[weights.Length];
        for (var i = 0; i < weights.Length; i++)
            values[i] = (sbyte)Math.Clamp(MathF.Round(weights[i] / scales[i / inner % channels]), -Most, Most);
        return new ChannelWeights(values, scales);
    }
}
