namespace Serverless.Simulation;

/// <summary>Draws that a seed repeats.</summary>
internal sealed class SeededRandom(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>From the exponential distribution of mean 1.</summary>
    public double Exponential() => -Math.Log(1 - _random.NextDouble());

    /// <summary>From the normal distribution of mean 0 and deviation 1, by Box and Muller.</summary>
    public double Normal() => Math.Sqrt(2 * Exponential()) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
