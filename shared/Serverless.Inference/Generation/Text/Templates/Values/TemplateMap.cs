namespace Serverless.Inference.Generation.Text.Templates.Values;

/// <summary>A dictionary that keeps its order.</summary>
/// <param name="keysFromCaller">Whether its keys are the caller's words.</param>
internal sealed class TemplateMap(bool keysFromCaller = false)
{
    public OrderedDictionary<string, object?> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether <c>set</c> may change it: a <c>namespace</c>.</summary>
    public bool IsNamespace { get; init; }

    public bool KeysFromCaller => keysFromCaller;

    public TemplateText Key(string key) => TemplateText.Of(key, keysFromCaller);

    public List<object?> Keys() => [.. Entries.Keys.Select(Key)];

    public List<object?> Pairs() => [.. Entries.Select(entry => (object?)new List<object?> { Key(entry.Key), entry.Value })];
}
