using Serverless.Models.Manifest;

namespace Serverless.Inference.Generation.Memory;

/// <summary>What a decoder keeps of each token: a key and a value per layer and head.</summary>
/// <param name="Layers">Pairs of keys and values.</param>
/// <param name="Heads">Heads of each.</param>
/// <param name="HeadSize">Numbers per head.</param>
/// <param name="ElementSize">Bytes of a number.</param>
internal sealed record KvShape(int Layers, int Heads, int HeadSize, int ElementSize)
{
    /// <summary>Keys and values of all layers: key of the first, value of the first, key of the second.</summary>
    public int Parts => Layers * 2;

    /// <summary>Bytes of one position of one head.</summary>
    public int HeadBytes => HeadSize * ElementSize;

    /// <summary>Bytes of one token in all parts.</summary>
    public long TokenBytes => (long)Parts * Heads * HeadBytes;

    public static KvShape Of(DecoderRecord decoder) =>
        new(decoder.Layers, decoder.KeyValueHeads, decoder.HeadSize, decoder.HalfPrecision ? sizeof(ushort) : sizeof(float));
}
