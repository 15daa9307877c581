using System.Text.Json.Serialization;

namespace Serverless.Cli.Generation;

/// <summary>A message of a conversation.</summary>
/// <param name="Role">Who says it.</param>
/// <param name="Content">What is said.</param>
internal sealed record Message([property: JsonPropertyName("role")] string Role, [property: JsonPropertyName("content")] string Content);
