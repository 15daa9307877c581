namespace TinyLm.Training;

/// <summary>How long and how a decoder is trained.</summary>
internal sealed record TrainingPlan
{
    /// <summary>How long, the pauses of a training that was stopped not counted.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(25);

    /// <summary>How many steps instead; the outcome is then the same every time, on machines with the same vectors.</summary>
    public int? Steps { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Parts of a batch, each worked on by one thread; their gradients are added in their order.</summary>
    public int Shards { get; init; } = 8;

    /// <summary>Tokens of each part; also the longest sequence.</summary>
    public int ShardTokens { get; init; } = 512;

    /// <summary>The length of sequences until <see cref="LongFrom"/>: shorter ones cost less attention.</summary>
    public int ShortLength { get; init; } = 256;

    /// <summary>The share of the time after which sequences are as long as a part.</summary>
    public double LongFrom { get; init; } = 0.7;

    /// <summary>The share of sequences that are conversations.</summary>
    public double ChatShare { get; init; } = 0.25;

    public float PeakRate { get; init; } = 4e-3f;

    /// <summary>The share of the time in which the rate rises to its peak, from which it falls as a cosine.</summary>
    public double WarmUp { get; init; } = 0.03;

    /// <summary>What the rate falls to, as a share of its peak.</summary>
    public double LowestRate { get; init; } = 0.02;

    public float WeightDecay { get; init; } = 0.1f;

    /// <summary>The longest gradient; longer ones are shortened to it.</summary>
    public float ClipNorm { get; init; } = 1;

    /// <summary>After how many steps held-out text is measured; after a minute's at the latest.</summary>
    public int MeasureEverySteps { get; init; } = int.MaxValue;

    /// <summary>The rate at a share of the way.</summary>
    public float RateAt(double progress)
    {
        if (progress < WarmUp)
            return (float)(PeakRate * Math.Max(progress / WarmUp, 0.01));
        var cosine = (1 + Math.Cos(Math.PI * Math.Min(1, (progress - WarmUp) / (1 - WarmUp)))) / 2;
        return (float)(PeakRate * (LowestRate + ((1 - LowestRate) * cosine)));
    }

    /// <summary>The length of sequences at a share of the way.</summary>
    public int LengthAt(double progress) => progress < LongFrom ? Math.Min(ShortLength, ShardTokens) : ShardTokens;
}
