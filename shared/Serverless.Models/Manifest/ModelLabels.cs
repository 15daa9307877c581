namespace Serverless.Models.Manifest;

/// <summary>Labels that the platform reads.</summary>
public static class ModelLabels
{
    /// <summary>The most tokens that a text embedder takes in one input, special tokens included; 512 unless set.</summary>
    public const string MaxTokens = "max-tokens";

    /// <summary>Whether a text embedder's vocabulary is lower case (<c>true</c> unless set to <c>false</c>).</summary>
    public const string LowerCase = "lower-case";

    /// <summary>Who made the model; shown as OpenAI's <c>owned_by</c>.</summary>
    public const string OwnedBy = "owned-by";
}
