namespace Serverless.Models.Manifest;

/// <summary>What was proved about running rows together when the model was pushed.</summary>
/// <param name="MaxBatch">The most rows that may run together; 1 when batching is not proved.</param>
/// <param name="Tolerance">The largest difference that was seen between a row alone and the same row in a batch.</param>
/// <param name="Reason">Why it is so, for people.</param>
public sealed record BatchingRecord(int MaxBatch, double Tolerance, string Reason)
{
    /// <summary>How rows of different length run together; null when they do not, or the model takes no sequences.</summary>
    public SequenceRecord? Sequence { get; init; }

    /// <summary>
    /// Whether a run of so many rows does the same work whatever their values are; <see langword="false"/> where that is not known. Only such
    /// runs, where they are short, may hold up the thread that reads connections.
    /// </summary>
    public bool IsSteady { get; init; }
}
