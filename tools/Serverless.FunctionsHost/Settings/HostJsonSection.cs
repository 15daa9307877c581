using System.Globalization;
using System.Text.Json;

namespace Serverless.FunctionsHost.Settings;

/// <summary>An object inside host.json that knows its place, so that an error can name it.</summary>
internal sealed class HostJsonSection
{
    private readonly JsonElement _element;
    private readonly string _file;
    private readonly string _place;

    public HostJsonSection(JsonElement element, string file, string place)
    {
        _element = element;
        _file = file;
        _place = place;
        if (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined))
            throw new HostConfigurationException($"{file}: {(place.Length == 0 ? "the file" : place)} must be an object.");
    }

    public HostJsonSection Section(string name) => new(Find(name), _file, Place(name));

    public string? Text(string name) => Find(name) switch
    {
        { ValueKind: JsonValueKind.Undefined } => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw Invalid(name, "must be a string"),
    };

    public int Number(string name, int missing, int min, int max)
    {
        var value = Find(name);
        if (value.ValueKind == JsonValueKind.Undefined) return missing;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max) return number;
        throw Invalid(name, $"must be a whole number from {min} to {max}");
    }

    public TimeSpan Duration(string name, TimeSpan missing, TimeSpan max)
    {
        if (Text(name) is not { } text) return missing;
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= TimeSpan.Zero && value <= max) return value;
        throw Invalid(name, $"must be a time from 00:00:00 to {max:c}, written hh:mm:ss");
    }

    public IReadOnlyDictionary<string, string> Texts() =>
        _element.ValueKind == JsonValueKind.Undefined
            ? new Dictionary<string, string>()
            : _element.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString());

    public HostConfigurationException Invalid(string name, string rule) => new($"{_file}: {Place(name)} {rule}.");

    private JsonElement Find(string name)
    {
        if (_element.ValueKind != JsonValueKind.Object) return default;
        foreach (var property in _element.EnumerateObject())
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return property.Value;
        return default;
    }

    private string Place(string name) => _place.Length == 0 ? name : $"{_place}.{name}";
}
