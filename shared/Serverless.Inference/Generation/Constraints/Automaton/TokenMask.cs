using System.Buffers;
using Serverless.Inference.Generation.Constraints.Vocabulary;

namespace Serverless.Inference.Generation.Constraints.Automaton;

/// <summary>The tokens that may follow.</summary>
/// <param name="inString">Whether all tokens may that leave a string open.</param>
/// <param name="tokens">The others that may; all of them where <paramref name="inString"/> is false.</param>
/// <param name="exceptions">Those that leave a string open and may not all the same.</param>
internal sealed class TokenMask(bool inString, int[] tokens, int[] exceptions)
{
    /// <summary>How many ids it takes to say.</summary>
    public int Length => tokens.Length + exceptions.Length;

    /// <summary>Sets the logits of all others to negative infinity.</summary>
    public void Apply(Span<float> logits, TokenVocabulary vocabulary)
    {
        var kept = ArrayPool<float>.Shared.Rent(tokens.Length);
        for (var index = 0; index < tokens.Length; index++)
            kept[index] = tokens[index] < logits.Length ? logits[tokens[index]] : 0;
        Forbid(logits, vocabulary);
        for (var index = 0; index < tokens.Length; index++)
        {
            if (tokens[index] < logits.Length)
                logits[tokens[index]] = kept[index];
        }

        ArrayPool<float>.Shared.Return(kept);
    }

    private void Forbid(Span<float> logits, TokenVocabulary vocabulary)
    {
        if (!inString)
        {
            logits.Fill(float.NegativeInfinity);
            return;
        }

        Forbid(logits, vocabulary.NotInString);
        Forbid(logits, exceptions);
        if (logits.Length > vocabulary.Size)
            logits[vocabulary.Size..].Fill(float.NegativeInfinity);
    }

    private static void Forbid(Span<float> logits, int[] forbidden)
    {
        foreach (var token in forbidden)
        {
            if (token < logits.Length)
                logits[token] = float.NegativeInfinity;
        }
    }
}
