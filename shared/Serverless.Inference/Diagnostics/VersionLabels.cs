using System.Globalization;

namespace Serverless.Inference.Diagnostics;

/// <summary>Versions as labels of metrics: a bounded number of each model, since a series lives as long as the process.</summary>
internal sealed class VersionLabels
{
    /// <summary>What versions beyond the bound are counted under.</summary>
    public const string Other = "other";

    // A replica of a day sees a few versions of a model. A duration has 15 buckets for each of these and each outcome.
    private const int MaxVersions = 32;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<int>> _versions = new(StringComparer.Ordinal);

    /// <summary>The label of a version that was loaded.</summary>
    public string Of(string model, int version)
    {
        lock (_gate)
        {
            if (!_versions.TryGetValue(model, out var versions))
                _versions[model] = versions = [];
            return versions.Contains(version) || (versions.Count < MaxVersions && versions.Add(version))
                ? version.ToString(CultureInfo.InvariantCulture)
                : Other;
        }
    }
}
