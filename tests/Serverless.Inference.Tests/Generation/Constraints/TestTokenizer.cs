using System.Text;
using Serverless.Inference.Generation.Constraints.Vocabulary;
using Serverless.Inference.Generation.Text;

namespace Serverless.Inference.Tests.Generation.Constraints;

/// <summary>Tokens given as bytes; the last id is a special one that ends a text. Texts are spelled by the longest token each time.</summary>
internal sealed class TestTokenizer : ITextTokenizer
{
    private readonly byte[][] _tokens;

    public TestTokenizer(IEnumerable<byte[]> tokens) => _tokens = [.. tokens, "<end>"u8.ToArray()];

    /// <summary>One token for each byte, and none longer.</summary>
    public static TestTokenizer Bytes { get; } = new(AllBytes());

    /// <summary>All bytes, and tokens across the borders of JSON's parts, of characters, and of escapes.</summary>
    public static TestTokenizer Mixed { get; } = new([.. AllBytes(), .. Awkward().Select(Encoding.UTF8.GetBytes), .. BrokenCharacters()]);

    public int VocabularySize => _tokens.Length;

    public int End => _tokens.Length - 1;

    public TokenVocabulary ToVocabulary(int padding = 0) => new(this, VocabularySize + padding, [End]);

    public ReadOnlyMemory<byte> BytesOf(int token) => IsSpecial(token) ? default(ReadOnlyMemory<byte>) : _tokens[token];

    public bool IsSpecial(int token) => token == End;

    public string Decode(IReadOnlyList<int> tokens) =>
        Encoding.UTF8.GetString([.. tokens.SelectMany(token => BytesOf(token).ToArray())]);

    public IReadOnlyList<int> Encode(string text, bool addSpecial, bool special) => throw new NotSupportedException();

    private static IEnumerable<byte[]> AllBytes() => Enumerable.Range(0, 256).Select(value => new[] { (byte)value });

    private static string[] Awkward() =>
    [
        "{\"", "\": ", "\":", "\",", "\", \"", "\",\n  \"", "\"}", "\"}]", "}}", "]}", "}, {", "[[", "[]", "{}", "[{\"", ", ", ",\n", "\n  ",
        "\n    ", "\n\n", "  ", "   ", " \"", " {", " [", ": ", ":{", ": [", "true", "false", "null", " true", "fal", "se,", "12", "345", "0.5", "1e5",
        "-1", "00", ".0", "1,", "2]", "3}", "name", "\"name\"", "\"name\":", "na", "me", "age", "\"a", "the", " the", "th\"", "he said", "\\n",
        "\\\"", "\\u", "\\u00", "\\ud83d", "\\ude00", "\\ud83d\\ude00", "a\\", "\\\\\"", "é", "caf", "café\"", "ü", "日本", "😀", "😀\"", "kind", "b\"}",
        "\t", "\r\n", "\u0001", "\u007f",
    ];

    private static IEnumerable<byte[]> BrokenCharacters() =>
        [[0xF0, 0x9F], [0x98, 0x80], [0x80, (byte)'"'], [(byte)'a', 0xC3], [0xA9, (byte)'b'], [0xC0, 0x80], [0xED, 0xA0], [0xE2, 0x82]];
}
