namespace Serverless.Contracts.Storage;

/// <summary>Blob containers.</summary>
public static class BlobContainers
{
    /// <summary>Model packages.</summary>
    public const string Models = "models";

    /// <summary>Bodies too large for a message (claim checks).</summary>
    public const string Inputs = "inputs";

    /// <summary>Answers to queued requests.</summary>
    public const string Results = "results";

    /// <summary>Files that users uploaded, and the output and error files of batches; a blob is named after its file's id.</summary>
    public const string Files = "files";

    /// <summary>Segments of batches, see <see cref="Jobs.JobBlobs"/>.</summary>
    public const string Batches = "batches";
}
