namespace Serverless.Inference.Generation;

/// <summary>What kind of text is asked for, in the words of OpenTelemetry's <c>gen_ai.operation.name</c>.</summary>
public enum GenerationOperation
{
    /// <summary><c>text_completion</c>: a text that goes on.</summary>
    TextCompletion,

    /// <summary><c>chat</c>: a conversation's next message.</summary>
    Chat,
}
