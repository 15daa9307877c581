namespace Serverless.Inference.Generation.Constraints.Grammar;

/// <summary>A property that an object's schema names.</summary>
/// <param name="Key">Its name as JSON in UTF-8, without the opening quote and with the closing one.</param>
/// <param name="Value">What it may be.</param>
/// <param name="IsRequired">Whether it must be there.</param>
internal sealed record ObjectProperty(byte[] Key, GrammarChoice Value, bool IsRequired);
