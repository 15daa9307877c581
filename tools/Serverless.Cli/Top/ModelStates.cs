using Serverless.Cli.Api;

namespace Serverless.Cli.Top;

/// <summary>
/// Where models stand in the memory of the replica that answers. It is asked when that may have changed and no more: whoever asks it keeps it
/// awake.
/// </summary>
internal sealed class ModelStates(ApiClient api)
{
    // Triton's words, the furthest first: of a model's versions the one that got furthest counts.
    private static readonly (string Word, string Shown)[] Words = [("READY", "ready"), ("LOADING", "loading"), ("UNLOADING", "unloading")];

    private (bool IsAwake, double Loads)? _asked;
    private Dictionary<string, string> _states = [];

    /// <param name="isAwake">Whether a replica is there; none is woken.</param>
    /// <param name="loads">A number that changes when a model is loaded or unloaded.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyDictionary<string, string>> GetAsync(bool isAwake, double loads, CancellationToken cancellationToken)
    {
        if (_asked == (isAwake, loads))
            return _states;
        _states = isAwake ? await AskAsync(cancellationToken) : [];
        _asked = (isAwake, loads);
        return _states;
    }

    private async Task<Dictionary<string, string>> AskAsync(CancellationToken cancellationToken)
    {
        var index = (await api.PostAsync("/v2/repository/index", new { }, cancellationToken)).Body.EnumerateArray();
        return index.GroupBy(row => row.GetProperty("name").GetString()!, row => row.GetProperty("state").GetString()).ToDictionary(
            versions => versions.Key,
            versions => Words.Where(word => versions.Contains(word.Word)).Select(word => word.Shown).FirstOrDefault("not loaded"),
            StringComparer.Ordinal);
    }
}
