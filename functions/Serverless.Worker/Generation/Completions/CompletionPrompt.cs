namespace Serverless.Worker.Generation.Completions;

/// <summary>A prompt: a text, or the ids of its tokens.</summary>
/// <param name="Text">The text, or null.</param>
/// <param name="Tokens">The ids, or null.</param>
/// <param name="Where">Its place in the request, for messages.</param>
internal sealed record CompletionPrompt(string? Text, IReadOnlyList<int>? Tokens, string Where);
