using TinyLm.Network;

namespace TinyLm.Training;

/// <summary>A decoder whose answers another one is trained on, beside the text (Hinton, Vinyals and Dean, 2015).</summary>
/// <param name="Weights">The decoder's.</param>
internal sealed record Teacher(DecoderWeights Weights)
{
    /// <summary>What logits are divided by: above 1 unlikely tokens count for more.</summary>
    public float Temperature { get; init; } = 2;

    /// <summary>The share of the loss that is about the teacher's answers; the rest is about the text.</summary>
    public float Share { get; init; } = 0.5f;
}
