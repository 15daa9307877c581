using Serverless.Contracts.Errors;

namespace Serverless.Inference.Generation.Loop;

/// <summary>What the parts of a model's loop share.</summary>
internal sealed record GenerationContext(
    string Model, GenerationOptions Options, GenerationVocabulary Vocabulary, GenerationMeter Meter, TimeProvider Time)
{
    /// <summary>Why a request is not to go on; null when it is.</summary>
    public Exception? FindEnd(DecoderGeneration generation)
    {
        if (generation.IsCancelled)
            return new OperationCanceledException(generation.Cancellation);
        return generation.Terms.Deadline is { } deadline && deadline <= Time.GetTimestamp()
            ? new InferenceException(ErrorKind.DeadlineExceeded, $"The deadline passed before model {Model} had finished the text.")
            : null;
    }

    /// <summary>Ends a request before its end.</summary>
    public void End(DecoderGeneration generation, Exception reason)
    {
        switch (reason)
        {
            case OperationCanceledException:
                Meter.Cancelled(generation);
                break;
            case InferenceException { Error.Kind: ErrorKind.DeadlineExceeded }:
                Meter.Expired(generation);
                break;
            default:
                Meter.Failed(generation);
                break;
        }

        generation.End(reason);
    }
}
