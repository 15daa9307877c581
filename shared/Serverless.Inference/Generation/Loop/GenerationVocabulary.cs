using Serverless.Inference.Generation.Text;

namespace Serverless.Inference.Generation.Loop;

/// <summary>The tokens of a model.</summary>
/// <param name="Tokenizer">Their texts.</param>
/// <param name="Size">How many there are: of the logits beyond, none is ever chosen.</param>
/// <param name="EndTokens">Those that end a text.</param>
internal sealed record GenerationVocabulary(ITextTokenizer Tokenizer, int Size, IReadOnlyList<int> EndTokens);
