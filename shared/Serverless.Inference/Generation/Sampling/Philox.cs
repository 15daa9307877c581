namespace Serverless.Inference.Generation.Sampling;

/// <summary>
/// Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): random numbers by counter instead of by state.
/// A draw is a function of seed, choice and position, so that it is the same whoever else is in the batch and in whatever order.
/// </summary>
internal static class Philox
{
    private const int Rounds = 10;

    /// <summary>The draw of one position: from 0 up to, never reaching, 1, in steps of 2⁻⁵³.</summary>
    /// <param name="seed">The key.</param>
    /// <param name="choice">Which continuation.</param>
    /// <param name="position">How many tokens it has.</param>
    public static double Uniform(long seed, int choice, int position)
    {
        var (a, b, _, _) = Block(((uint)position, (uint)choice, 0, 0), (uint)seed, (uint)(seed >>> 32));
        return ((((ulong)b << 32) | a) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>The four words of one counter under one key.</summary>
    internal static (uint A, uint B, uint C, uint D) Block((uint A, uint B, uint C, uint D) counter, uint key0, uint key1)
    {
        var (a, b, c, d) = counter;
        for (var round = 0; round < Rounds; round++)
        {
            var first = 0xD2511F53UL * a;
            var second = 0xCD9E8D57UL * c;
            (a, b, c, d) = ((uint)(second >> 32) ^ b ^ key0, (uint)second, (uint)(first >> 32) ^ d ^ key1, (uint)first);
            key0 += 0x9E3779B9;
            key1 += 0xBB67AE85;
        }

        return (a, b, c, d);
    }
}
