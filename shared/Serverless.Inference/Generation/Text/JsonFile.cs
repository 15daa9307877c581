using System.Text.Json;

namespace Serverless.Inference.Generation.Text;

/// <summary>Reads the small JSON files beside a tokenizer.</summary>
internal static class JsonFile
{
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>What <paramref name="read"/> takes from the file's object.</summary>
    /// <exception cref="InvalidDataException">The file is too large, broken, or no JSON object; the message names it.</exception>
    public static T Read<T>(string path, ReadOnlyMemory<byte> utf8, Func<JsonElement, T> read)
    {
        if (utf8.Length > MaxBytes)
            throw new InvalidDataException($"{path} has {utf8.Length} bytes; at most {MaxBytes} are supported.");
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? read(document.RootElement)
                : throw new InvalidDataException($"{path} is no JSON object.");
        }
        // The second: a string that is no UTF-16.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} is broken: {error.Message}", error);
        }
    }
}
