namespace Serverless.Gateway.Files;

/// <summary>OpenAI's purposes of files.</summary>
internal static class FilePurposes
{
    public const string Batch = "batch";
    public const string BatchOutput = "batch_output";

    /// <summary>Those that an upload may have.</summary>
    public static readonly string[] Uploadable = ["assistants", Batch, "fine-tune", "vision", "user_data", "evals"];
}
