using System.Text;

namespace Serverless.Inference.Generation.Text.Tokenization;

/// <summary>
/// GPT-2's way to write any byte as a printable character: printable Latin-1 characters stand for themselves, the 68 others for
/// characters from U+0100 on, in order.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly Dictionary<char, byte> Bytes = Build();

    /// <summary>The bytes that a byte-level token stands for; its UTF-8 where it is not written in the alphabet.</summary>
    public static byte[] BytesOf(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            if (!Bytes.TryGetValue(token[i], out bytes[i]))
                return Encoding.UTF8.GetBytes(token);
        }

        return bytes;
    }

    private static Dictionary<char, byte> Build()
    {
        var bytes = new Dictionary<char, byte>();
        var others = 0;
        for (var value = 0; value < 256; value++)
        {
            var isItself = value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE;
            bytes[isItself ? (char)value : (char)(256 + others++)] = (byte)value;
        }

        return bytes;
    }
}
