using System.Text.Json.Serialization;

namespace Serverless.Gateway.Batches;

/// <summary>One entry of a batch's <c>errors</c>.</summary>
internal sealed record BatchError(
    [property: JsonPropertyName("code")] string Code,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("param")] string? Param,
    [property: JsonPropertyName("line")] int? Line);
