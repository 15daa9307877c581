using Serverless.Contracts.Errors;

namespace Serverless.Inference.Generation.Memory;

/// <summary>One text within a decoder: its keys and values, and the token that goes in next.</summary>
internal class DecoderRow
{
    /// <summary>How many tokens its keys and values are of.</summary>
    public int Length { get; set; }

    /// <summary>The token that the next step runs on.</summary>
    public int Token { get; set; }

    /// <summary>Why the last step failed for it; null when it did not.</summary>
    public InferenceException? Failure { get; set; }

    /// <summary>Its place among the rows of the decoder or of its group.</summary>
    public int Index { get; set; }

    /// <summary>Which of the last logits are its.</summary>
    public int LogitsIndex { get; set; }
}
