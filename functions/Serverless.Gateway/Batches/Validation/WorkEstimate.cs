namespace Serverless.Gateway.Batches.Validation;

/// <summary>
/// How much work a line is, in units of about one generated token. Only the relation of lines to each other matters: what a unit costs in
/// seconds is measured per model (<see cref="WorkRates"/>).
/// </summary>
internal static class WorkEstimate
{
    public const string Embeddings = "/v1/embeddings";

    // OpenAI's default for completions is 16 tokens; chats end by themselves, usually within some hundred.
    private const int CompletionTokens = 16;
    private const int ChatTokens = 256;

    // 512 bytes are about 128 tokens read, which cost about as much as one written.
    private const double BytesPerUnit = 512;

    // Most texts end before a high limit does: without a bound of ours one line would be a shard.
    private const int MostTokens = 4096;

    /// <param name="endpoint">Where the line goes.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="maxTokens">Tokens of each text that it may generate, or null when it does not say.</param>
    /// <param name="texts">How many texts it asks for.</param>
    public static double UnitsOf(string endpoint, int bytes, int? maxTokens, int texts) => 1 + bytes / BytesPerUnit + endpoint switch
    {
        "/v1/completions" => (double)texts * Math.Min(MostTokens, maxTokens ?? CompletionTokens),
        "/v1/chat/completions" => (double)texts * Math.Min(MostTokens, maxTokens ?? ChatTokens),
        _ => 0,
    };
}
