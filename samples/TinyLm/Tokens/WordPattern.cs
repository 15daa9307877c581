using System.Text.RegularExpressions;

namespace TinyLm.Tokens;

/// <summary>How text is cut before bytes are merged: GPT-2's pattern, which is Hugging Face's <c>ByteLevel</c> pre-tokenizer.</summary>
internal static partial class WordPattern
{
    public static IEnumerable<string> Cut(string text) => Pattern().Matches(text).Select(match => match.Value);

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Pattern();
}
