namespace Serverless.Inference.Generation.Text;

/// <summary>What a package says about text.</summary>
/// <param name="Tokenizer">Its <c>tokenizer.json</c>.</param>
/// <param name="Chat">Its chat template; null where it has none.</param>
internal sealed record PackageText(ITextTokenizer Tokenizer, ChatEncoder? Chat);
