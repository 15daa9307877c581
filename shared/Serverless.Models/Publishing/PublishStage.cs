namespace Serverless.Models.Publishing;

/// <summary>What is being done to a file.</summary>
public enum PublishStage
{
    /// <summary>It is read, hashed and compressed.</summary>
    Compress,

    /// <summary>It is written to the store.</summary>
    Upload,
}
