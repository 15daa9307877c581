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
    private readonly StopMatch[] _stops;
    // Decoded and not yet given out.
    private char[] _held = new char[64];
    private int _count;
    private bool _isStart;

    /// <param name="tokenizer">The model's.</param>
    /// <param name="stop">Texts that end the continuation; empty ones do not count.</param>
    /// <param name="startsText">
    /// Whether the first token begins a text, as after a control token, so that it loses the leading space that the tokenizer puts there;
    /// false where it goes on with one.
    /// </param>
    public StreamingText(ITextTokenizer tokenizer, IReadOnlyList<string> stop, bool startsText = true)
    {
        _tokenizer = tokenizer;
        _stops = stop.Count == 0 ? [] : [.. stop.Where(text => text.Length > 0).Select(text => new StopMatch(text))];
        _isStart = startsText;
    }

    /// <summary>Whether a stop text was reached: nothing may follow.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>The text that <paramref name="token"/> makes certain; may be empty.</summary>
    public string Append(int token)
    {
        var bytes = _isStart ? _tokenizer.BytesOfFirst(token) : _tokenizer.BytesOf(token);
        _isStart = _isStart && _tokenizer.BytesOf(token).IsEmpty;
        return Append(bytes.Span, flush: false);
    }

    /// <summary>The end: what was held back.</summary>
    public string Complete()
    {
        var text = Append([], flush: true);
        return IsStopped ? text : text + Take(_count);
    }

    private string Append(ReadOnlySpan<byte> bytes, bool flush)
    {
        if (IsStopped || (bytes.IsEmpty && !flush))
            return string.Empty;
        var start = _count;
        // One byte may complete a broken character and be a character itself; three of UTF-8 are one of UTF-16 at most.
        var needed = _count + bytes.Length + 2;
        if (needed > _held.Length)
            Array.Resize(ref _held, Math.Max(needed, 2 * _held.Length));
        _count += _decoder.GetChars(bytes, _held.AsSpan(_count), flush);
        for (var i = start; i < _count; i++)
        {
            if (Stop(_held[i]) is var length and > 0)
            {
                IsStopped = true;
                return Take(i + 1 - length);
            }
        }

        return Take(_count - HeldBack());
    }

    /// <summary>The length of the longest stop text that ends with <paramref name="character"/>; 0 where none does.</summary>
    private int Stop(char character)
    {
        var longest = 0;
        foreach (var stop in _stops)
        {
            stop.Append(character);
            if (stop.IsComplete)
                longest = Math.Max(longest, stop.Length);
        }

        return longest;
    }

    private int HeldBack()
    {
        var longest = 0;
        foreach (var stop in _stops)
            longest = Math.Max(longest, stop.Length);
        return longest;
    }

    private string Take(int count)
    {
        var text = count == 0 ? string.Empty : new string(_held, 0, count);
        _held.AsSpan(count, _count - count).CopyTo(_held);
        _count -= count;
        return text;
    }
}
