namespace Serverless.Inference.Generation.Memory;

/// <summary>Keys and values of some tokens behind those of other blocks.</summary>
internal sealed class PrefixBlock(PrefixKey key, PrefixBlock? before, KvBuffer memory)
{
    public PrefixKey Key => key;

    /// <summary>The block that it continues; null for the first of a text.</summary>
    public PrefixBlock? Before => before;

    public KvBuffer Memory => memory;

    /// <summary>Its place in the order of use; null once it has gone.</summary>
    public LinkedListNode<PrefixBlock>? Node { get; set; }
}
