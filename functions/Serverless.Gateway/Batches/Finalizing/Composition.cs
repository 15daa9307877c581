namespace Serverless.Gateway.Batches.Finalizing;

/// <summary>What a finalizer composed, to be published in one step.</summary>
internal sealed class Composition(ComposedFile output, ComposedFile errors)
{
    public ComposedFile Output => output;

    public ComposedFile Errors => errors;

    public int Completed { get; set; }

    public int Failed { get; set; }

    public int FailedShards { get; set; }

    public long InputTokens { get; set; }

    public long OutputTokens { get; set; }
}
