using System.Globalization;
using System.Text;

namespace Serverless.Inference.Generation.Text.Tokenization;

/// <summary>The bytes of every token, in one block.</summary>
internal sealed class TokenBytes
{
    private readonly byte[] _bytes;
    private readonly int[] _ends;
    private readonly bool[] _isSpecial;
    private readonly LeadingSpace _leadingSpace;

    public TokenBytes(TokenizerFile file)
    {
        _leadingSpace = file.Decoding.LeadingSpace;
        _isSpecial = new bool[file.Size];
        var names = new string?[file.Size];
        foreach (var (name, id) in file.Vocabulary)
            names[id] = name;
        foreach (var token in file.Added)
        {
            names[token.Id] = token.Content;
            _isSpecial[token.Id] = token.IsSpecial;
        }

        _ends = new int[file.Size];
        using var block = new MemoryStream();
        for (var id = 0; id < names.Length; id++)
        {
            if (names[id] is { } name && !_isSpecial[id])
                block.Write(Decode(name, file.Decoding));
            _ends[id] = (int)block.Length;
        }

        _bytes = block.ToArray();
    }

    public int Count => _ends.Length;

    public bool IsSpecial(int token) => (uint)token < (uint)_isSpecial.Length && _isSpecial[token];

    public ReadOnlyMemory<byte> Of(int token)
    {
        if ((uint)token >= (uint)_ends.Length)
            return default;
        var start = token == 0 ? 0 : _ends[token - 1];
        return _bytes.AsMemory(start, _ends[token] - start);
    }

    /// <summary>The bytes of a text's first token, whose leading space the tokenizer may have put there itself.</summary>
    public ReadOnlyMemory<byte> OfFirst(int token)
    {
        var bytes = Of(token);
        if (_leadingSpace == LeadingSpace.AllDropped && bytes.Span.Contains((byte)' '))
            return bytes.ToArray().Where(value => value != ' ').ToArray();
        return _leadingSpace == LeadingSpace.OneDropped && bytes.Span is [(byte)' ', ..] ? bytes[1..] : bytes;
    }

    private static byte[] Decode(string token, DecodingRules rules)
    {
        foreach (var (from, to) in rules.Replacements)
            token = token.Replace(from, to, StringComparison.Ordinal);
        if (rules.HasByteFallback && token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
            && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            return [value];
        return rules.IsByteLevel ? ByteAlphabet.BytesOf(token) : Encoding.UTF8.GetBytes(token);
    }
}
