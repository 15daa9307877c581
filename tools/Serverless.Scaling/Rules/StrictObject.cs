using System.Text.Json;

namespace Serverless.Scaling;

/// <summary>An object of a document whose members are taken one by one; what nobody took is refused.</summary>
internal sealed class StrictObject
{
    private readonly Dictionary<string, JsonElement> _members;
    private readonly HashSet<string> _known = [];
    private readonly string _path;

    private StrictObject(JsonElement element, string path)
    {
        _path = path;
        _members = element.EnumerateObject().ToDictionary(member => member.Name, member => member.Value);
    }

    public IEnumerable<string> Members => _members.Keys;

    public static StrictObject Of(JsonElement element, string path) => element.ValueKind == JsonValueKind.Object
        ? new StrictObject(element, path)
        : throw new ScaleRulesException($"{(path.Length == 0 ? "The document" : path)} is not an object; an object is needed.");

    public StrictObject Object(string name) => Of(Take(name), PathOf(name));

    public IEnumerable<StrictObject> Objects(string name)
    {
        var array = Take(name);
        return array.ValueKind == JsonValueKind.Array
            ? array.EnumerateArray().Select((item, index) => Of(item, $"{PathOf(name)}[{index}]"))
            : throw new ScaleRulesException($"{PathOf(name)} is not an array; an array of objects is allowed.");
    }

    public string? Text(string name, bool required = true)
    {
        _known.Add(name);
        if (!required && !_members.ContainsKey(name))
            return null;

        var value = Take(name);
        return value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : throw new ScaleRulesException($"{PathOf(name)} is {value.GetRawText()}; a text is allowed.");
    }

    public int Integer(string name, int min, int max)
    {
        var value = Take(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max
            ? number
            : throw new ScaleRulesException($"{PathOf(name)} is {value.GetRawText()}; a whole number from {min} to {max} is allowed.");
    }

    public TimeSpan Seconds(string name, int min, int max) => TimeSpan.FromSeconds(Integer(name, min, max));

    public void End()
    {
        if (_members.Keys.FirstOrDefault(name => !_known.Contains(name)) is { } stranger)
            throw new ScaleRulesException($"{PathOf(stranger)} is unknown; allowed are {string.Join(", ", _known)}.");
    }

    public ScaleRulesException Wrong(string what) => new($"{_path} {what}.");

    private JsonElement Take(string name)
    {
        _known.Add(name);
        return _members.TryGetValue(name, out var value) ? value : throw new ScaleRulesException($"{PathOf(name)} is missing.");
    }

    private string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";
}
