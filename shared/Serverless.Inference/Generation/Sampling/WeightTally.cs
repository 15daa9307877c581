using System.Numerics;
using System.Runtime.InteropServices;

namespace Serverless.Inference.Generation.Sampling;

/// <summary>
/// How many weights reach a floor, and what they add up to. Adds in an order that depends on the weights' places alone: TensorPrimitives
/// goes by the address of the memory as well, and a draw must not change by where in a batch its row lies.
/// </summary>
internal readonly record struct WeightTally(double Mass, int Count)
{
    // Lanes of single precision are added up in double precision so often that the sum keeps six digits at any vocabulary.
    private const int Block = 4096;

    public static WeightTally AtLeast(ReadOnlySpan<float> weights, float floor)
    {
        double mass = 0;
        var count = 0;
        for (var start = 0; start < weights.Length; start += Block)
        {
            var part = OfBlock(weights.Slice(start, Math.Min(Block, weights.Length - start)), floor);
            mass += part.Mass;
            count += part.Count;
        }

        return new WeightTally(mass, count);
    }

    private static WeightTally OfBlock(ReadOnlySpan<float> weights, float floor)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var floors = new Vector<float>(floor);
        var masses = Vector<float>.Zero;
        var counts = Vector<int>.Zero;
        foreach (var vector in vectors)
        {
            var reached = Vector.GreaterThanOrEqual(vector, floors);
            masses += Vector.ConditionalSelect(reached, vector, Vector<float>.Zero);
            counts -= reached;
        }

        double mass = Vector.Sum(masses);
        var count = Vector.Sum(counts);
        foreach (var weight in weights[(vectors.Length * Vector<float>.Count)..])
        {
            if (weight >= floor)
            {
                mass += weight;
                count++;
            }
        }

        return new WeightTally(mass, count);
    }
}
