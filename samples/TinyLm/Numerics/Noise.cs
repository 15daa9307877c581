namespace TinyLm.Numerics;

/// <summary>Random numbers that depend on the seed and the stream alone, on every machine.</summary>
internal sealed class Noise(int seed, int stream = 0)
{
    private ulong _state = Mix(((ulong)(uint)stream << 32) | (uint)seed);

    /// <summary>A number from 0 up to <paramref name="limit"/>, which is left out.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>A number from 0 to 1.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Fills with normal numbers of the deviation.</summary>
    public void Fill(Span<float> values, float deviation)
    {
        foreach (ref var value in values)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform()));
            value = (float)(deviation * radius * Math.Cos(2 * Math.PI * Uniform()));
        }
    }

    // SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
    private ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
