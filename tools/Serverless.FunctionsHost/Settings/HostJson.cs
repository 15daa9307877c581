using System.Text.Json;

namespace Serverless.FunctionsHost.Settings;

/// <summary>What this host uses of an app's host.json; everything else in it is left alone.</summary>
internal sealed record HostJson
{
    /// <summary>Comes before every route; "api" when the file does not say.</summary>
    public string RoutePrefix { get; init; } = "api";

    /// <summary>With <c>telemetryMode: OpenTelemetry</c> an invocation carries the trace context of the host's own activity.</summary>
    public bool OpenTelemetry { get; init; }

    public QueueSettings Queues { get; init; } = new();

    /// <summary>logging.logLevel: category to level.</summary>
    public IReadOnlyDictionary<string, string> LogLevels { get; init; } = new Dictionary<string, string>();

    public static HostJson Read(string path) => Parse(File.ReadAllText(path), path);

    public static HostJson Parse(string json, string path)
    {
        using var document = ParseDocument(json, path);
        var root = new HostJsonSection(document.RootElement, path, "");
        var http = root.Section("extensions").Section("http");
        return new HostJson
        {
            RoutePrefix = (http.Text("routePrefix") ?? "api").Trim('/'),
            OpenTelemetry = string.Equals(root.Text("telemetryMode"), "OpenTelemetry", StringComparison.OrdinalIgnoreCase),
            Queues = QueueSettings.Read(root.Section("extensions").Section("queues")),
            LogLevels = root.Section("logging").Section("logLevel").Texts(),
        };
    }

    private static JsonDocument ParseDocument(string json, string path)
    {
        try
        {
            return JsonDocument.Parse(
                json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException e)
        {
            throw new HostConfigurationException($"{path}: not valid JSON: {e.Message}");
        }
    }
}
