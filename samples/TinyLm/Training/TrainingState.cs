using TinyLm.Network;

namespace TinyLm.Training;

/// <summary>Everything that a training goes on from.</summary>
internal sealed class TrainingState(DecoderWeights weights)
{
    public TrainingState(DecoderShape shape)
        : this(new DecoderWeights(shape))
    {
    }

    public DecoderWeights Weights => weights;

    /// <summary>AdamW's mean of gradients.</summary>
    public DecoderWeights Mean { get; } = new(weights.Shape);

    /// <summary>AdamW's mean of their squares.</summary>
    public DecoderWeights Square { get; } = new(weights.Shape);

    /// <summary>Steps done.</summary>
    public int Step { get; set; }

    /// <summary>Time spent.</summary>
    public TimeSpan Spent { get; set; }

    /// <summary>The loss of held-out text so far, and when.</summary>
    public List<LossPoint> Losses { get; init; } = [];

    /// <summary>From 0 to 1.</summary>
    public double Progress(TrainingPlan plan) => Math.Min(1, plan.Steps is { } steps ? (double)Step / steps : Spent / plan.Time);
}
