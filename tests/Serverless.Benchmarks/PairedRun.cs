namespace Serverless.Benchmarks;

/// <summary>Runs two things in turn, A-B-A-B, so that what else the machine does falls on both.</summary>
internal static class PairedRun
{
    public static async Task<(double Ours, double Baseline)> MedianAsync(
        int rounds, Func<Task<double>> ours, Func<Task<double>> baseline)
    {
        var oursValues = new List<double>();
        var baselineValues = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            oursValues.Add(await ours());
            baselineValues.Add(await baseline());
        }

        return (Medians.Of(oursValues), Medians.Of(baselineValues));
    }
}
