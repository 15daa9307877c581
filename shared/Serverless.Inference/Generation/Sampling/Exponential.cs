using System.Numerics;

namespace Serverless.Inference.Generation.Sampling;

/// <summary>
/// The exponential in single precision, to 2 units in the last place: a weight needs no more, and a third of the time of
/// TensorPrimitives' goes, which widens every number to double precision.
/// </summary>
internal static class Exponential
{
    // Below it the result would not be a normal number; such a token is never drawn.
    private const float Smallest = -87.3f;

    private const float Log2E = 1.44269504f;

    private const float Rounding = 12_582_912;

    // ln 2 in two parts: the first has so few digits that its multiples are exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>e to the power of <paramref name="x"/>, which is at most 0; 1 for 0, 0 below -87.3 and for negative infinity.</summary>
    public static Vector<float> Of(Vector<float> x)
    {
        var isZero = Vector.LessThan(x, new Vector<float>(Smallest));
        // Adding and taking off 1.5 * 2^23 leaves no digits behind the point: it rounds.
        var whole = Vector.MultiplyAddEstimate(x, new Vector<float>(Log2E), new Vector<float>(Rounding));
        var power = whole - new Vector<float>(Rounding);
        var rest = Vector.MultiplyAddEstimate(power, new Vector<float>(-Ln2High), x);
        rest = Vector.MultiplyAddEstimate(power, new Vector<float>(-Ln2Low), rest);
        // The minimax polynomial of (e^r - 1 - r) / r² for |r| up to ln 2 / 2 (Cephes, expf).
        var sum = new Vector<float>(1.9875691500e-4f);
        sum = Vector.MultiplyAddEstimate(sum, rest, new Vector<float>(1.3981999507e-3f));
        sum = Vector.MultiplyAddEstimate(sum, rest, new Vector<float>(8.3334519073e-3f));
        sum = Vector.MultiplyAddEstimate(sum, rest, new Vector<float>(4.1665795894e-2f));
        sum = Vector.MultiplyAddEstimate(sum, rest, new Vector<float>(1.6666665459e-1f));
        sum = Vector.MultiplyAddEstimate(sum, rest, new Vector<float>(5.0000001201e-1f));
        var fraction = Vector.MultiplyAddEstimate(sum, rest * rest, rest + Vector<float>.One);
        // The rounded number's lowest bits are the power, and the exponent's place in a float begins at bit 23.
        var scaled = Vector.AsVectorInt32(fraction) + Vector.ShiftLeft(Vector.AsVectorInt32(whole), 23);
        return Vector.ConditionalSelect(isZero, Vector<float>.Zero, Vector.AsVectorSingle(scaled));
    }
}
