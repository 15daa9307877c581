namespace Serverless.Simulation;

/// <summary>Made-up arrivals: a Poisson stream that is denser in bursts.</summary>
/// <param name="Requests">How many; at least 1.</param>
/// <param name="Rate">Requests a second between bursts.</param>
/// <param name="BurstRate">Requests a second in a burst.</param>
/// <param name="BurstEvery">From the start of one burst to the next; zero for no bursts.</param>
/// <param name="BurstLength">How long a burst is.</param>
/// <param name="ContextTokens">Median of the prompts' tokens.</param>
/// <param name="GeneratedTokens">Mean of the answers' tokens.</param>
/// <param name="Queue">The queue by which they come as messages; null for requests over HTTP.</param>
public sealed record SyntheticLoad(
    long Requests,
    double Rate,
    double BurstRate,
    TimeSpan BurstEvery,
    TimeSpan BurstLength,
    int ContextTokens,
    int GeneratedTokens,
    string? Queue = null)
{
    private const double ContextSpread = 0.8;

    /// <summary>The arrivals from <paramref name="start"/> on, the same ones for the same seed.</summary>
    public IEnumerable<Arrival> From(DateTimeOffset start, int seed)
    {
        var random = new SeededRandom(seed);
        var now = 0.0;
        for (var i = 0L; i < Requests; i++)
        {
            now = Next(now, random);
            var context = ContextTokens * Math.Exp(ContextSpread * random.Normal());
            var generated = random.Exponential() * GeneratedTokens;
            yield return new Arrival(start.AddSeconds(now), (int)Math.Min(context, 1_000_000), (int)Math.Min(generated, 1_000_000), Queue);
        }
    }

    // A Poisson stream forgets its past, so the wait starts anew where the rate changes.
    private double Next(double now, SeededRandom random)
    {
        while (true)
        {
            var (rate, until) = Phase(now);
            var next = rate > 0 ? now + (random.Exponential() / rate) : double.PositiveInfinity;
            if (next < until)
                return next;

            now = until;
        }
    }

    private (double Rate, double Until) Phase(double now)
    {
        if (BurstEvery <= TimeSpan.Zero)
            return (Rate, double.PositiveInfinity);

        // A hair further, or a phase's end that rounding left just before itself would never be passed.
        var cycle = Math.Floor((now + 1e-9) / BurstEvery.TotalSeconds) * BurstEvery.TotalSeconds;
        var burstEnd = cycle + BurstLength.TotalSeconds;
        return now + 1e-9 < burstEnd ? (BurstRate, burstEnd) : (Rate, cycle + BurstEvery.TotalSeconds);
    }
}
