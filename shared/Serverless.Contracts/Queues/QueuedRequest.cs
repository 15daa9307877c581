using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Contracts.Storage;

namespace Serverless.Contracts.Queues;

/// <summary>An <see cref="InferenceMessage"/> that was read and found to be in order.</summary>
/// <param name="Id">The message's id, fit to name a blob.</param>
/// <param name="Path">Where the worker takes it.</param>
/// <param name="Body">The body, when it came with the message.</param>
/// <param name="Blob">The blob in <see cref="BlobContainers.Inputs"/> that holds the body otherwise.</param>
public sealed partial record QueuedRequest(string Id, string Path, ReadOnlyMemory<byte>? Body, string? Blob)
{
    /// <summary>Stands for the inference path of the message's model.</summary>
    public const string OpenInferenceEndpoint = "/v2/models/infer";

    /// <summary>The most characters of an id.</summary>
    public const int LongestId = 128;

    private const string ModelsPath = "/v2/models/";
    private const string InferEnd = "/infer";

    /// <summary>OpenAI's endpoints, whose bodies name the model themselves.</summary>
    public static IReadOnlyList<string> OpenAiEndpoints { get; } = ["/v1/embeddings", "/v1/completions", "/v1/chat/completions"];

    private const int LongestBlobName = 1024;

    /// <summary>The protocol whose error shape the answer has.</summary>
    public WireProtocol Protocol => ErrorBody.ProtocolOf(Path);

    /// <summary>Reads the id alone: without one there is no place for an answer.</summary>
    /// <exception cref="FormatException">The message is not JSON, or has no usable id; it belongs into the poison queue.</exception>
    public static (string Id, InferenceMessage Message) Read(string text)
    {
        InferenceMessage? message;
        try
        {
            message = JsonSerializer.Deserialize(text, QueueJson.Default.InferenceMessage);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"The message is not valid: {exception.Message}", exception);
        }

        return message?.Id is { } id && IdRule().IsMatch(id)
            ? (id, message)
            : throw new FormatException("The message has no usable 'id': 1 to 128 of A-Z a-z 0-9 . _ -, starting with a letter or digit.");
    }

    /// <summary>Checks everything else.</summary>
    /// <exception cref="InferenceException">What was wrong; it becomes the answer.</exception>
    public static QueuedRequest From(string id, InferenceMessage message)
    {
        if (message.Request is null == message.Blob is null)
            throw Invalid("The message must have exactly one of 'request' (the body) and 'blob' (the name of a blob that holds it).", "request");
        if (message.Blob is { } blob && (blob.Length is 0 or > LongestBlobName || !BlobNames.IsPlain(blob)))
        {
            throw Invalid(
                $"'blob' must be the name of a blob in the container '{BlobContainers.Inputs}', up to {LongestBlobName} characters, without "
                + "'.' or '..' between slashes, backslashes and control characters.", "blob");
        }

        var path = PathOf(message);
        if (OpenAiEndpoints.Contains(path) && message is { Request: { } request, Model: not null })
            CheckModel(request, ModelOf(message));
        return new QueuedRequest(id, path, message.Request is { } body ? Encoding.UTF8.GetBytes(body.GetRawText()) : default(ReadOnlyMemory<byte>?), message.Blob);
    }

    /// <summary>Whether single requests may be sent to <paramref name="path"/> later than now.</summary>
    public static bool IsEndpoint(string path) =>
        OpenAiEndpoints.Contains(path)
        || (path.StartsWith(ModelsPath, StringComparison.Ordinal) && path.EndsWith(InferEnd, StringComparison.Ordinal)
            && path.Split('/') is { Length: 5 or 7 } segments && (segments.Length == 5 || segments[4] == "versions"));

    private static ModelReference ModelOf(InferenceMessage message) => ModelReference.Parse(
        message.Model ?? throw Invalid("The message has no 'model'.", "model"),
        message.Version?.ToString(CultureInfo.InvariantCulture));

    private static string PathOf(InferenceMessage message)
    {
        if (message.Endpoint is { } endpoint && endpoint != OpenInferenceEndpoint)
        {
            return IsEndpoint(endpoint)
                ? endpoint
                : throw Invalid(
                    $"'endpoint' must be '{OpenInferenceEndpoint}' (the default), {string.Join(", ", OpenAiEndpoints)} or a model's inference path.",
                    "endpoint");
        }

        var model = ModelOf(message);
        return model.Version is { } version
            ? string.Create(CultureInfo.InvariantCulture, $"{ModelsPath}{model.Name}/versions/{version}{InferEnd}")
            : $"{ModelsPath}{model.Name}{InferEnd}";
    }

    private static void CheckModel(JsonElement request, ModelReference model)
    {
        if (request.ValueKind != JsonValueKind.Object
            || !request.TryGetProperty("model", out var named)
            || named.ValueKind != JsonValueKind.String
            || named.GetString() != model.ToString())
        {
            throw Invalid($"'request.model' must be the message's model, '{model}'.", "model");
        }
    }

    private static InferenceException Invalid(string message, string param) => new(ErrorKind.InvalidRequest, message, param);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdRule();
}
