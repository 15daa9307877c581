using Serverless.Inference.Execution;

namespace Serverless.Inference.Lifecycle;

/// <summary>What operators changed about models while the process runs. It is not kept beyond that.</summary>
internal sealed class ServingChanges(ServingSettings usual)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ServingChange> _changes = new(StringComparer.Ordinal);
    private readonly List<LoadedModel> _loaded = [];

    public ServingSettings Of(string model)
    {
        lock (_gate)
            return _changes.TryGetValue(model, out var change) ? usual.With(change) : usual;
    }

    public ServingSettings Apply(string model, ServingChange change)
    {
        lock (_gate)
        {
            var whole = _changes.TryGetValue(model, out var before) ? before.Then(change) : change;
            var settings = usual.With(whole);
            _changes[model] = whole;
            foreach (var version in _loaded.Where(version => version.Manifest.Name == model))
                version.Instance.Settings = settings;
            return settings;
        }
    }

    /// <summary>Gives a version that was just loaded the settings that hold, and those that will.</summary>
    public void Follow(LoadedModel model)
    {
        lock (_gate)
        {
            _loaded.RemoveAll(version => version.Gone.IsCompleted);
            _loaded.Add(model);
            model.Instance.Settings = Of(model.Manifest.Name);
        }
    }
}
