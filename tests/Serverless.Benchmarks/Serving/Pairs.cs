namespace Serverless.Benchmarks.Serving;

/// <summary>Ours and the baseline in turn, A-B-A-B, so that what else the machine does falls on both.</summary>
internal sealed class Pairs
{
    // Code that runs in parts of microseconds is still being recompiled in the first round (seen in profiles of the worker).
    private const int WarmUps = 2;

    private readonly List<Load> _ours = [];
    private readonly List<Load> _baseline = [];

    public static async Task<Pairs> RunAsync(int rounds, Func<Task<Load>> ours, Func<Task<Load>> baseline)
    {
        var pairs = new Pairs();
        for (var round = -WarmUps; round < rounds; round++)
        {
            var (a, b) = (await ours(), await baseline());
            if (round < 0)
                continue;
            pairs._ours.Add(a);
            pairs._baseline.Add(b);
        }

        return pairs;
    }

    /// <summary>The ratio of the medians of one quantity.</summary>
    public Figure Ratio(string metric, string model, Func<Load, double> quantity)
    {
        var ours = Medians.Of(_ours.Select(quantity).ToList());
        var baseline = Medians.Of(_baseline.Select(quantity).ToList());
        return ServingFigure.Ratio(metric, model, ours, baseline, _ours.Count);
    }
}
