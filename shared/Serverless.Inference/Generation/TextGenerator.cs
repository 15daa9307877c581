using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Inference.Execution;
using Serverless.Inference.Generation.Constraints;

namespace Serverless.Inference.Generation;

/// <summary>Continues texts with one loaded decoder; requests of all callers share its batch.</summary>
public abstract class TextGenerator
{
    /// <summary>The most tokens of prompt and text together.</summary>
    public abstract int ContextLength { get; }

    /// <summary>How many token ids there are.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Whether the package has a chat template.</summary>
    public abstract bool HasChatTemplate { get; }

    /// <summary>Token ids of a text; special tokens written out in it are plain text.</summary>
    /// <exception cref="InferenceException">It is longer than the context, or than any text that is taken.</exception>
    public abstract IReadOnlyList<int> Encode(string text);

    /// <summary>Token ids of a conversation, rendered by the model's chat template up to where the assistant answers.</summary>
    /// <param name="messages">OpenAI's <c>messages</c>: an array of objects with <c>role</c> and <c>content</c>.</param>
    /// <param name="tools">OpenAI's <c>tools</c>, or null.</param>
    /// <exception cref="InferenceException">The template refuses the conversation, or there is none; or it is longer than the context.</exception>
    public abstract IReadOnlyList<int> EncodeChat(JsonElement messages, JsonElement? tools);

    /// <summary>The text of <paramref name="tokens"/>.</summary>
    public abstract string Decode(IReadOnlyList<int> tokens);

    /// <summary>A constraint to JSON that <paramref name="schema"/> describes; null for any JSON object.</summary>
    /// <exception cref="InferenceException">The schema uses a keyword that is not supported; the message names it.</exception>
    public abstract TokenConstraint Constrain(JsonElement? schema);

    /// <summary>
    /// Queues a request. Everything that can be refused is refused here (prompt too long, queue full, more memory than there can be);
    /// cancelling <paramref name="cancellationToken"/> at any time ends it at the next step.
    /// </summary>
    /// <exception cref="InferenceException">It was refused; the message says why.</exception>
    public abstract TextGeneration Start(GenerationRequest request, RunTerms terms, CancellationToken cancellationToken);
}
