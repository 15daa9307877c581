namespace Serverless.Gateway.Batches;

/// <summary>What became of the copies of a batch's files in the lake.</summary>
internal static class OutputCopies
{
    public const string Pending = "pending";

    public const string Copied = "copied";

    /// <summary>The lake or the files were gone; the files' own ids say what there is.</summary>
    public const string Failed = "failed";
}
