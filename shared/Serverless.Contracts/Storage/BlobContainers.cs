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
}
