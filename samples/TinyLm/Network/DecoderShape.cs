namespace TinyLm.Network;

/// <summary>How large a decoder is: as Llama's, with grouped key and value heads and a head tied to the embedding.</summary>
internal sealed record DecoderShape
{
    public required int Vocabulary { get; init; }

    public int Layers { get; init; } = 4;

    /// <summary>Numbers per position in the residual stream.</summary>
    public int Width { get; init; } = 128;

    public int Heads { get; init; } = 4;

    public int KeyValueHeads { get; init; } = 2;

    public int HeadSize { get; init; } = 32;

    /// <summary>Numbers per position inside the feed-forward part.</summary>
    public int Hidden { get; init; } = 352;

    /// <summary>The most positions.</summary>
    public int Context { get; init; } = 512;

    public float RotaryBase { get; init; } = 10_000;

    public float Epsilon { get; init; } = 1e-5f;

    public int QueryWidth => Heads * HeadSize;

    public int KeyWidth => KeyValueHeads * HeadSize;

    /// <summary>Columns of the one matrix that makes queries, keys and values.</summary>
    public int AttentionWidth => QueryWidth + (2 * KeyWidth);
}
