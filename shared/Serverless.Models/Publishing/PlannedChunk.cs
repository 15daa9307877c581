namespace Serverless.Models.Publishing;

/// <summary>A chunk to be made.</summary>
/// <param name="Offset">Where it begins in the weights.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="ElementSize">Bytes of the elements that make up most of it.</param>
/// <param name="MayLose">Whether it holds nothing but large float tensors.</param>
internal sealed record PlannedChunk(long Offset, int Size, int ElementSize, bool MayLose);
