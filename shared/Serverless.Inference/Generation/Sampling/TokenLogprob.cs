namespace Serverless.Inference.Generation.Sampling;

/// <summary>A token that was generated, with the natural logarithm of its probability under the model (before any sampling rule).</summary>
/// <param name="Token">Its id.</param>
/// <param name="Logprob">At most 0.</param>
/// <param name="Bytes">Its text in UTF-8; may be part of a character.</param>
/// <param name="Top">The most likely tokens at its place, most likely first; as many as were asked for, without their own alternatives.</param>
public sealed record TokenLogprob(int Token, float Logprob, ReadOnlyMemory<byte> Bytes, IReadOnlyList<TokenLogprob> Top);
