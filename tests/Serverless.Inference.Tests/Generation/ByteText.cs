using System.Text;
using Serverless.Inference.Generation.Text;

namespace Serverless.Inference.Tests.Generation;

/// <summary>A token for each byte, and beyond them tokens without a text.</summary>
internal sealed class ByteText(int vocabularySize) : ITextTokenizer
{
    public int VocabularySize => vocabularySize;

    public IReadOnlyList<int> Encode(string text, bool addSpecial, bool special) => [.. Encoding.UTF8.GetBytes(text).Select(value => (int)value)];

    public string Decode(IReadOnlyList<int> tokens) =>
        Encoding.UTF8.GetString([.. tokens.Where(token => token < 256).Select(token => (byte)token)]);

    public ReadOnlyMemory<byte> BytesOf(int token) => token < 256 ? new byte[] { (byte)token } : default(ReadOnlyMemory<byte>);

    public bool IsSpecial(int token) => token >= 256;
}
