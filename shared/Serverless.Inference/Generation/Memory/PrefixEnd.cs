namespace Serverless.Inference.Generation.Memory;

/// <summary>How far a text is kept.</summary>
/// <param name="Block">Its last block that is.</param>
/// <param name="Count">How many blocks come to that.</param>
internal sealed record PrefixEnd(PrefixBlock Block, int Count);
