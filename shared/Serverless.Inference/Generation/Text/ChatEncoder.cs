using System.Text.Json;
using Serverless.Contracts.Errors;

namespace Serverless.Inference.Generation.Text;

/// <summary>Conversations to token ids by the package's chat template.</summary>
internal abstract class ChatEncoder
{
    /// <summary>Token ids of the rendered conversation, up to where the assistant answers.</summary>
    /// <exception cref="InferenceException">The template refuses the conversation.</exception>
    public abstract IReadOnlyList<int> Encode(JsonElement messages, JsonElement? tools);
}
