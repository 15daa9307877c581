using System.Diagnostics;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Optimization.Evaluation;

/// <summary>
/// How long a candidate takes from nothing to ready, in an engine of its own, over what its parent takes. Both lie in stores at hand:
/// bytes that come over a network count for more.
/// </summary>
internal static class ColdStartRatio
{
    // In turn; the first round brings the files into memory and is not counted.
    private const int Rounds = 5;

    public static async Task<double> MeasureAsync(
        IModelStore store, ModelManifest parent, IModelStore scratch, CancellationToken cancellationToken)
    {
        var ratios = new List<double>();
        for (var round = -1; round < Rounds; round++)
        {
            var before = await StartAsync(store, parent.Name, parent.Version, cancellationToken);
            var after = await StartAsync(scratch, parent.Name, version: 1, cancellationToken);
            if (round >= 0)
                ratios.Add(after / before);
        }

        ratios.Sort();
        return ratios[Rounds / 2];
    }

    private static async Task<TimeSpan> StartAsync(IModelStore store, string name, int version, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await using var served = await ServedVersion.StartAsync(store, name, version, cancellationToken);
        return Stopwatch.GetElapsedTime(start);
    }
}
