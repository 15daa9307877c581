namespace Serverless.Inference.Generation;

/// <summary>Why a continuation ended.</summary>
public enum FinishReason
{
    /// <summary>The model's end token, a stop text, or a constraint that is fulfilled.</summary>
    Stop,

    /// <summary>The most tokens asked for, or the model's context, was reached.</summary>
    Length,
}
