using System.Text.Json;

namespace Serverless.FunctionsHost.Settings;

/// <summary>The <c>Values</c> of an app's local.settings.json.</summary>
internal static class LocalSettings
{
    public static IReadOnlyDictionary<string, string> Read(string path) =>
        File.Exists(path) ? Parse(File.ReadAllText(path), path) : new Dictionary<string, string>();

    public static IReadOnlyDictionary<string, string> Parse(string json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(
                json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.TryGetProperty("IsEncrypted", out var encrypted) && encrypted.ValueKind == JsonValueKind.True)
                throw new HostConfigurationException($"{path}: IsEncrypted is true; only plain values can be read here.");
            return document.RootElement.TryGetProperty("Values", out var values)
                ? values.EnumerateObject().ToDictionary(v => v.Name, v => v.Value.ToString(), StringComparer.OrdinalIgnoreCase)
                : new Dictionary<string, string>();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new HostConfigurationException($"{path}: must be an object with an object \"Values\": {e.Message}");
        }
    }
}
