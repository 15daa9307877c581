using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Serverless.Contracts.Errors;

namespace Serverless.Gateway.Batches;

/// <summary>The body of <c>POST /v1/batches</c>.</summary>
internal sealed partial record BatchRequest
{
    [JsonPropertyName("input_file_id")]
    public string? InputFileId { get; init; }

    [JsonPropertyName("endpoint")]
    public string? Endpoint { get; init; }

    [JsonPropertyName("completion_window")]
    public string? CompletionWindow { get; init; }

    [JsonPropertyName("metadata")]
    public Dictionary<string, string>? Metadata { get; init; }

    [JsonPropertyName("output_expires_after")]
    public Lifetime? OutputExpiresAfter { get; init; }

    /// <summary>Our extension: where the end of the batch is announced.</summary>
    [JsonPropertyName("webhook_url")]
    public string? WebhookUrl { get; init; }

    /// <summary>Our extension: <c>lake:PATH</c>, a folder of the lake that gets copies of the files.</summary>
    [JsonPropertyName("output_path")]
    public string? OutputPath { get; init; }

    internal sealed record Lifetime([property: JsonPropertyName("anchor")] string? Anchor, [property: JsonPropertyName("seconds")] int Seconds);

    private static readonly string[] Endpoints = ["/v1/embeddings", "/v1/completions", "/v1/chat/completions"];

    /// <summary>Checks every field.</summary>
    /// <exception cref="InferenceException">The first one that is wrong.</exception>
    public BatchRequest Check()
    {
        if (string.IsNullOrEmpty(InputFileId))
            throw Invalid("'input_file_id' is missing.", "input_file_id");
        if (Endpoint is null || !(Endpoints.Contains(Endpoint) || InferPath().IsMatch(Endpoint)))
            throw Invalid($"'endpoint' must be {string.Join(", ", Endpoints)} or /v2/models/MODEL/infer.", "endpoint");
        if (CompletionWindow is null || !WindowRule().IsMatch(CompletionWindow))
            throw Invalid("'completion_window' must be '24h' (or another number of whole hours from 1h to 168h).", "completion_window");
        if (OutputExpiresAfter is { } lifetime && (lifetime.Anchor != "created_at" || lifetime.Seconds is < 3_600 or > 2_592_000))
            throw Invalid("'output_expires_after' must have the anchor 'created_at' and 3600 to 2592000 seconds.", "output_expires_after");
        CheckMetadata();
        return this;
    }

    public static BatchRequest Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, BatchRequestJson.Default.BatchRequest)?.Check()
                ?? throw Invalid("The body must be a JSON object.", null);
        }
        catch (JsonException exception)
        {
            throw new InferenceException(
                ErrorKind.InvalidRequest, $"The body is not valid at '{exception.Path}': {exception.Message}", exception.Path, exception);
        }
    }

    private void CheckMetadata()
    {
        if (Metadata is null)
            return;
        if (Metadata.Count > 16)
            throw Invalid("'metadata' may have up to 16 pairs.", "metadata");
        if (Metadata.Any(pair => pair.Key.Length is 0 or > 64 || pair.Value is null or { Length: > 512 }))
            throw Invalid("Keys of 'metadata' have 1 to 64 characters, values are strings of up to 512.", "metadata");
    }

    private static InferenceException Invalid(string message, string? param) => new(ErrorKind.InvalidRequest, message, param);

    [GeneratedRegex(@"\A/v2/models/[a-z0-9][a-z0-9._-]{0,63}(/versions/[1-9][0-9]{0,8})?/infer\z", RegexOptions.CultureInvariant)]
    private static partial Regex InferPath();

    [GeneratedRegex(@"\A([1-9]|[1-9][0-9]|1[0-5][0-9]|16[0-8])h\z", RegexOptions.CultureInvariant)]
    private static partial Regex WindowRule();
}
