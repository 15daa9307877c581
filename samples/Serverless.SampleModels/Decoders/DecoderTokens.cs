namespace Serverless.SampleModels.Decoders;

/// <summary>The tokens that a decoder's configuration names.</summary>
/// <param name="End">Tokens that end a text; the first also pads.</param>
/// <param name="Begin">The token that texts begin with.</param>
public sealed record DecoderTokens(IReadOnlyList<int> End, int Begin);
