using Serverless.Contracts.Errors;
using Serverless.Inference.Generation;
using Serverless.Inference.Generation.Constraints;
using Serverless.Worker.Generation.Answers;
using Serverless.Worker.Generation.Parameters;

namespace Serverless.Worker.Generation;

/// <summary>A request for text, in the words of its protocol.</summary>
internal abstract class GenerationCall(GenerationDraft draft)
{
    // Compiled once, however many prompts.
    private TokenConstraint? _constraint;

    /// <summary>Whether the answer comes in events.</summary>
    public bool Stream => draft.Stream;

    /// <summary>The property that asks for a stream, for messages.</summary>
    public virtual string StreamParameter => "stream";

    /// <summary>What kind of text it asks for.</summary>
    protected virtual GenerationOperation Operation => GenerationOperation.TextCompletion;

    /// <summary>What the model is to continue, one request for each prompt.</summary>
    /// <exception cref="InferenceException">The request does not fit the model.</exception>
    public abstract IReadOnlyList<GenerationRequest> RequestsFor(TextGenerator generator);

    /// <summary>How the answer is written.</summary>
    public abstract GenerationAnswer AnswerFrom(AnswerSource source);

    /// <summary>The parameters that all protocols share, over one prompt.</summary>
    protected GenerationRequest RequestFor(IReadOnlyList<int> prompt, TextGenerator generator) => new()
    {
        Prompt = prompt,
        Operation = Operation,
        Choices = draft.Choices,
        MaxTokens = draft.MaxTokens,
        Sampling = draft.Sampling,
        Stop = draft.Stop,
        IgnoreEos = draft.IgnoreEos,
        Constraint = draft.Format is { } format ? _constraint ??= generator.Constrain(format.Schema) : null,
    };
}
