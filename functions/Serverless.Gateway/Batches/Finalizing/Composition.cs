using System.Buffers;

namespace Serverless.Gateway.Batches.Finalizing;

/// <summary>What a finalizer composed, to be published in one step.</summary>
internal sealed class Composition(ComposedFile output, ComposedFile errors)
{
    public ComposedFile Output => output;

    public ComposedFile Errors => errors;

    /// <summary>For lines written here. One for all shards: a new large one for each was measured to cost 25 MB of peak memory.</summary>
    public ArrayBufferWriter<byte> Buffer { get; } = new();

    public int Completed { get; set; }

    public int Failed { get; set; }

    public int FailedShards { get; set; }

    public long InputTokens { get; set; }

    public long OutputTokens { get; set; }
}
