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

    public static double UnitsOf(string endpoint, int bytes, int? maxTokens) => 1 + bytes / BytesPerUnit + endpoint switch
    {
        "/v1/completions" => maxTokens ?? CompletionTokens,
        "/v1/chat/completions" => maxTokens ?? ChatTokens,
        _ => 0,
    };
}
