namespace Serverless.Inference.Generation.Text.Tokenization;

/// <summary>The tokens that the tokenizer puts around a text on its own.</summary>
/// <param name="Before">Mostly the model's first token, or nothing.</param>
/// <param name="After">Mostly nothing.</param>
internal sealed record Surroundings(IReadOnlyList<int> Before, IReadOnlyList<int> After)
{
    public static Surroundings None { get; } = new([], []);
}
