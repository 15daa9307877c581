namespace Serverless.Contracts.Jobs;

/// <summary>The wire names of <see cref="BatchStatus"/>, in the API and in the Table alike.</summary>
public static class BatchStatuses
{
    private static readonly string[] Names =
        ["validating", "failed", "in_progress", "finalizing", "completed", "expired", "cancelling", "cancelled"];

    /// <summary>The name of <paramref name="status"/>.</summary>
    public static string NameOf(BatchStatus status) => Names[(int)status];

    /// <summary>The status of that name.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static BatchStatus Parse(string name) =>
        Array.IndexOf(Names, name) is var index and >= 0
            ? (BatchStatus)index
            : throw new FormatException($"'{name}' is not a batch status.");

    /// <summary>Whether nothing happens any more by itself.</summary>
    public static bool IsFinal(BatchStatus status) =>
        status is BatchStatus.Failed or BatchStatus.Completed or BatchStatus.Expired or BatchStatus.Cancelled;

    /// <summary>Whether a worker goes on with a shard of a batch in this state; in every other it seals what it has and stops.</summary>
    public static bool IsWorkedOn(BatchStatus status) => status == BatchStatus.InProgress;
}
