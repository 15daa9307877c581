using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Contracts.Errors;

namespace Serverless.Gateway.Warming;

/// <summary>The body of <c>POST /v1/warm</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record WarmBody
{
    /// <summary>Models as <c>name</c>, <c>name:version</c> or <c>name:alias</c>; none only wakes a replica.</summary>
    [JsonPropertyName("models")]
    public IReadOnlyList<string?>? Models { get; init; }

    /// <summary>For how many seconds the answer may wait; as long as a request may be held unless given.</summary>
    [JsonPropertyName("wait")]
    public double? Wait { get; init; }

    private const int MaxModels = 32;

    /// <summary>Reads and checks it; an empty body is an empty object.</summary>
    /// <exception cref="InferenceException">What is wrong with it.</exception>
    public static WarmBody Read(ReadOnlySpan<byte> body, TimeSpan maxWait)
    {
        var read = body.IsEmpty ? new WarmBody() : Parse(body);
        if (read.Models is { } models && (models.Count > MaxModels || models.Contains(null)))
            throw Invalid($"'models' must be a list of up to {MaxModels} names of models.", "models");
        if (read.Wait is { } wait && !(wait >= 0 && wait <= maxWait.TotalSeconds))
            throw Invalid($"'wait' must be from 0 to {maxWait.TotalSeconds:0.#} seconds.", "wait");
        return read;
    }

    private static WarmBody Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, WarmJson.Default.WarmBody) ?? throw Invalid("The body must be a JSON object.", null);
        }
        catch (JsonException exception)
        {
            throw new InferenceException(
                ErrorKind.InvalidRequest, $"The body may have 'models' and 'wait'. {exception.Message}", exception.Path, exception);
        }
    }

    private static InferenceException Invalid(string message, string? param) => new(ErrorKind.InvalidRequest, message, param);
}
