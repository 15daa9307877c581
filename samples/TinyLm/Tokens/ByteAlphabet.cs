using System.Text;

namespace TinyLm.Tokens;

/// <summary>
/// A printable character for each byte, as GPT-2 and Hugging Face's <c>ByteLevel</c> write tokens in files: printable Latin-1 stands for
/// itself, the others follow from U+0100 on.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = Make();

    public static string Write(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var value in bytes)
            text.Append(Characters[value]);
        return text.ToString();
    }

    private static char[] Make()
    {
        var characters = new char[256];
        var next = '\u0100';
        for (var value = 0; value < 256; value++)
            characters[value] = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)value : next++;
        return characters;
    }
}
