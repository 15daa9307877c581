using System.Numerics.Tensors;
using Serverless.Contracts.Errors;

namespace Serverless.Inference.Generation.Sampling;

/// <summary>
/// The largest of a model's logits, whatever they hold: not-a-number counts as impossible, infinity as all but certain.
/// </summary>
internal static class UsableLogits
{
    // Far above any logit, and with room for penalties to be applied to it.
    private const float Certain = 1e30f;

    /// <summary>The largest logit, after those that cannot be used were replaced.</summary>
    /// <exception cref="InferenceException">No token is possible.</exception>
    public static float Largest(Span<float> logits)
    {
        var largest = logits.IsEmpty ? float.NegativeInfinity : TensorPrimitives.Max<float>(logits);
        if (float.IsNaN(largest))
        {
            RemoveNaN(logits);
            largest = TensorPrimitives.Max<float>(logits);
        }

        if (largest > Certain)
        {
            TensorPrimitives.Min(logits, Certain, logits);
            largest = Certain;
        }

        return float.IsNegativeInfinity(largest) ? throw NothingPossible() : largest;
    }

    /// <summary>Where the largest logit is; of equal ones the first.</summary>
    /// <exception cref="InferenceException">No token is possible.</exception>
    public static int IndexOfLargest(Span<float> logits)
    {
        var index = TensorPrimitives.IndexOfMax<float>(logits);
        if (index >= 0 && float.IsNaN(logits[index]))
        {
            RemoveNaN(logits);
            index = TensorPrimitives.IndexOfMax<float>(logits);
        }

        return index < 0 || float.IsNegativeInfinity(logits[index]) ? throw NothingPossible() : index;
    }

    private static void RemoveNaN(Span<float> logits)
    {
        foreach (ref var logit in logits)
        {
            if (float.IsNaN(logit))
                logit = float.NegativeInfinity;
        }
    }

    private static InferenceException NothingPossible() =>
        new(ErrorKind.Internal, "The model left no token possible: its logits are all negative infinity or not numbers.");
}
