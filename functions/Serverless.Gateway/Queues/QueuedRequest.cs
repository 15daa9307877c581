using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Contracts.Queues;
using Serverless.Contracts.Storage;

namespace Serverless.Gateway.Queues;

/// <summary>An <see cref="InferenceMessage"/> that was read and found to be in order.</summary>
/// <param name="Id">The message's id, fit to name a blob.</param>
/// <param name="Path">Where the worker takes it.</param>
/// <param name="Body">The body, when it came with the message.</param>
/// <param name="Blob">The blob in <see cref="BlobContainers.Inputs"/> that holds the body otherwise.</param>
internal sealed partial record QueuedRequest(string Id, string Path, ReadOnlyMemory<byte>? Body, string? Blob)
{
    public const string OpenInferenceEndpoint = "/v2/models/infer";
    public const string EmbeddingsEndpoint = "/v1/embeddings";

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
        var model = ModelReference.Parse(
            message.Model ?? throw Invalid("The message has no 'model'.", "model"),
            message.Version?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (message.Request is null == message.Blob is null)
            throw Invalid("The message must have exactly one of 'request' (the body) and 'blob' (the name of a blob that holds it).", "request");
        if (message.Blob is { } blob && blob.Length is 0 or > LongestBlobName)
            throw Invalid($"'blob' must be the name of a blob in the container '{BlobContainers.Inputs}', up to {LongestBlobName} characters.", "blob");

        var path = PathOf(message.Endpoint, model);
        if (path == EmbeddingsEndpoint && message.Request is { } request)
            CheckModel(request, model);
        return new QueuedRequest(id, path, message.Request is { } body ? Encoding.UTF8.GetBytes(body.GetRawText()) : null, message.Blob);
    }

    private static string PathOf(string? endpoint, ModelReference model) => endpoint switch
    {
        null or OpenInferenceEndpoint when model.Version is { } version =>
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/v2/models/{model.Name}/versions/{version}/infer"),
        null or OpenInferenceEndpoint => $"/v2/models/{model.Name}/infer",
        EmbeddingsEndpoint => EmbeddingsEndpoint,
        _ => throw Invalid($"'endpoint' must be '{OpenInferenceEndpoint}' (the default) or '{EmbeddingsEndpoint}'.", "endpoint"),
    };

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
