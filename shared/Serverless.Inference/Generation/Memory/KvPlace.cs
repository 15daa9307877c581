namespace Serverless.Inference.Generation.Memory;

/// <summary>A position of a row in a buffer.</summary>
internal readonly record struct KvPlace(KvBuffer Buffer, int Row, int Start)
{
    /// <summary>The so manieth position after it.</summary>
    public KvPlace After(int count) => this with { Start = Start + count };
}
