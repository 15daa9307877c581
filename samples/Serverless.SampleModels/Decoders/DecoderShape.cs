namespace Serverless.SampleModels.Decoders;

/// <summary>The size of a Llama-like decoder: RMS norms, rotary positions (halves, not pairs), SwiGLU, no biases.</summary>
public sealed record DecoderShape
{
    /// <summary>How many layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int Hidden { get; init; }

    /// <summary>Attention heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Heads of keys and values; divides <see cref="Heads"/>.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Numbers per head; even, and a multiple of 16 for <see cref="DecoderKind.GroupQuery"/> on GPUs.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Width within the feed-forward part.</summary>
    public required int Intermediate { get; init; }

    /// <summary>How many token ids.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>The most tokens of prompt and text together.</summary>
    public required int Context { get; init; }

    /// <summary>Whether the graph is written in half floats; false unless set.</summary>
    public bool Half { get; init; }

    /// <summary>How it keeps keys and values; <see cref="DecoderKind.GroupQuery"/> unless set.</summary>
    public DecoderKind Kind { get; init; }

    /// <summary>Whether the head is the embedding transposed (true unless set), or a weight of its own.</summary>
    public bool Tied { get; init; } = true;

    /// <summary>Base of the rotary frequencies; 10,000 unless set.</summary>
    public double RotaryBase { get; init; } = 10_000;

    /// <summary>Added to the mean square in norms; 1e-5 unless set.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>Two layers for tests: loads in milliseconds.</summary>
    public static DecoderShape Tiny { get; } = new()
    {
        Layers = 2,
        Hidden = 64,
        Heads = 4,
        KeyValueHeads = 2,
        HeadSize = 16,
        Intermediate = 128,
        Vocabulary = 320,
        Context = 256,
    };

    /// <summary>114 million parameters: what load tests run.</summary>
    public static DecoderShape Random110M { get; } = new()
    {
        Layers = 12,
        Hidden = 768,
        Heads = 12,
        KeyValueHeads = 4,
        HeadSize = 64,
        Intermediate = 2048,
        Vocabulary = 50_257,
        Context = 2048,
    };
}
