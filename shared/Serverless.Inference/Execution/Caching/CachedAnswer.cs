namespace Serverless.Inference.Execution.Caching;

/// <summary>What was answered to some inputs.</summary>
internal sealed class CachedAnswer(ContentKey key, CachedTensor[] outputs)
{
    // What an entry takes beside its data, roughly: answers of a few bytes must not fill the memory unseen.
    private const int Overhead = 512;

    public ContentKey Key => key;

    public CachedTensor[] Outputs => outputs;

    public long Bytes { get; } = outputs.Sum(output => output.Bytes) + Overhead;
}
