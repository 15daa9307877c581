using System.Text.Json;
using Serverless.Worker.Generation.Parameters;

namespace Serverless.Worker.Generation.Chat;

/// <summary>A request to <c>/v1/chat/completions</c>.</summary>
internal sealed class ChatDraft : GenerationDraft
{
    /// <summary>The conversation, checked.</summary>
    public JsonElement? Messages { get; set; }

    /// <summary>Tools for the template to tell the model of, or null.</summary>
    public JsonElement? Tools { get; set; }

    /// <summary>Whether the model may call tools, and is told of them.</summary>
    public bool MayCallTools { get; set; } = true;

    /// <summary>The newer name of <see cref="GenerationDraft.MaxTokens"/>, which goes before it.</summary>
    public int? MaxCompletionTokens { get; set; }

    /// <summary>Whether log probabilities are told.</summary>
    public bool Logprobs { get; set; }

    /// <summary>How many alternatives are told beside each token.</summary>
    public int? TopLogprobs { get; set; }
}
