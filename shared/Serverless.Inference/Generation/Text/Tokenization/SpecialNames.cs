using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Serverless.Inference.Generation.Text.Tokenization;

/// <summary>
/// The names under which the native library knows the special tokens: random ones, so that no text from outside can contain a control
/// token. What may contain them is rewritten from the written names first.
/// </summary>
internal sealed class SpecialNames
{
    private readonly Dictionary<string, string> _secrets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly SearchValues<string> _written;
    private readonly int[] _lengths;

    public SpecialNames(IReadOnlyList<AddedToken> added)
    {
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        // A single character keeps its name (some files pad with "!"): a text with it could not be written otherwise.
        foreach (var token in added.Where(token => token.IsSpecial && token.Content.Length > 1))
            _secrets[token.Content] = $"<{key}.{token.Id}>";
        // Other added tokens are looked for as well, and stay as they are: the longest at a place wins, as in the library.
        foreach (var token in added)
            _secrets.TryAdd(token.Content, token.Content);
        _lookup = _secrets.GetAlternateLookup<ReadOnlySpan<char>>();
        _written = SearchValues.Create([.. _secrets.Keys], StringComparison.Ordinal);
        _lengths = [.. _secrets.Keys.Select(name => name.Length).Distinct().OrderDescending()];
    }

    /// <summary>The name that the library gets for <paramref name="token"/>.</summary>
    public string Of(string token) => _secrets.GetValueOrDefault(token, token);

    /// <summary>Whether <paramref name="token"/> has another name in the library.</summary>
    public bool Hides(ReadOnlySpan<char> token) => _lookup.TryGetValue(token, out var secret) && !token.SequenceEqual(secret);

    /// <summary>Appends <paramref name="text"/> with the special tokens in it under the names that the library knows.</summary>
    public void Rewrite(ReadOnlySpan<char> text, StringBuilder target)
    {
        while (text.IndexOfAny(_written) is var start and >= 0)
        {
            target.Append(text[..start]);
            text = text[start..];
            foreach (var length in _lengths)
            {
                if (length <= text.Length && _lookup.TryGetValue(text[..length], out var secret))
                {
                    target.Append(secret);
                    text = text[length..];
                    break;
                }
            }
        }

        target.Append(text);
    }
}
