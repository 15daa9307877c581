using System.Text.Json;

namespace Serverless.Inference.Onnx.Preparation.Decoders;

/// <summary>A configuration file that a stranger wrote: what is not there is null, what is of the wrong kind is refused by name.</summary>
internal readonly record struct DecoderJson(string Name, JsonElement Root)
{
    /// <summary>A file that has nothing.</summary>
    public static DecoderJson None { get; } = new("", JsonDocument.Parse("{}").RootElement);

    /// <exception cref="ModelRefusedException">It is no JSON object, or too large.</exception>
    public static DecoderJson Read(string path, long limit)
    {
        var name = Path.GetFileName(path);
        if (new FileInfo(path).Length > limit)
            throw new ModelRefusedException($"its {name} is larger than {limit} bytes");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new DecoderJson(name, document.RootElement.Clone())
                : throw new ModelRefusedException($"its {name} is not a JSON object");
        }
        catch (JsonException error)
        {
            throw new ModelRefusedException($"its {name} is not valid JSON: {error.Message}", error);
        }
    }

    /// <summary>The object at <paramref name="path"/> (names with dots between); an empty one where there is none.</summary>
    public DecoderJson At(string path) => this with { Root = Find(path) is { ValueKind: JsonValueKind.Object } found ? found : None.Root };

    /// <summary>A text, or null.</summary>
    public string? Text(string path) => Find(path) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;

    /// <summary>A whole number, or null where there is none (or one too large to be meant).</summary>
    public int? Number(string path) =>
        Find(path) is { ValueKind: JsonValueKind.Number } found && found.TryGetDouble(out var number) && number is >= 0 and <= int.MaxValue
            ? (int)number
            : null;

    /// <summary>One token or a list of them; null where there are none.</summary>
    /// <exception cref="ModelRefusedException">There is something else.</exception>
    public IReadOnlyList<int>? Tokens(string path)
    {
        if (Find(path) is not { ValueKind: not JsonValueKind.Null } found)
            return null;
        JsonElement[] items = found.ValueKind == JsonValueKind.Array ? [.. found.EnumerateArray()] : [found];
        return [.. items.Select(One)];
    }

    /// <summary>The property at <paramref name="path"/>, or null.</summary>
    public JsonElement? Find(string path)
    {
        var element = Root;
        foreach (var name in path.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }

        return element;
    }

    private int One(JsonElement item) => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var token)
        ? token
        : throw new ModelRefusedException($"its {Name} has a token that is not a whole number: {item.GetRawText()}");
}
