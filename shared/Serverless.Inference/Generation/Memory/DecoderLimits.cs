namespace Serverless.Inference.Generation.Memory;

/// <summary>Bounds of what a decoder runs at once.</summary>
/// <param name="Rows">The most rows.</param>
/// <param name="Context">The most tokens of a row.</param>
/// <param name="Chunk">The most tokens of a prefill's run.</param>
/// <param name="KvBytes">The most memory for keys and values.</param>
internal sealed record DecoderLimits(int Rows, int Context, int Chunk, long KvBytes);
