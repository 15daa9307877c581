namespace Serverless.Models.Manifest;

/// <summary>What was found of a decoder when it was pushed: what a text generator must know before it opens the graph.</summary>
public sealed record DecoderRecord
{
    /// <summary>
    /// Whether all attention is <c>GroupQueryAttention</c> over one buffer of the longest context for past and present, so that keys and
    /// values are written in place; otherwise the graph concatenates past and present itself.
    /// </summary>
    public required bool SharesPast { get; init; }

    /// <summary>How many pairs of <c>past_key_values.N.key</c> and <c>.value</c> there are.</summary>
    public required int Layers { get; init; }

    /// <summary>Heads of each key and value: dimension 1 of <c>[batch, heads, length, size]</c>.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Numbers per head: dimension 3 of <c>[batch, heads, length, size]</c>.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Whether keys, values (and then mostly logits) are half floats.</summary>
    public required bool HalfPrecision { get; init; }

    /// <summary>The most tokens of prompt and text together.</summary>
    public required int ContextLength { get; init; }

    /// <summary>The last dimension of <c>logits</c>; may be above the number of tokens (padding).</summary>
    public required int LogitsSize { get; init; }

    /// <summary>Whether <c>logits</c> is <c>[batch, 1, size]</c>, of the last position alone, rather than of every position.</summary>
    public required bool LastLogitsOnly { get; init; }

    /// <summary>Tokens that end a text, from <c>generation_config.json</c>, <c>genai_config.json</c> or <c>config.json</c>; may be empty.</summary>
    public required IReadOnlyList<int> EndTokens { get; init; }

    /// <summary>The token that an empty prompt starts from; null where the files name none.</summary>
    public int? BeginToken { get; init; }
}
