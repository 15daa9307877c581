using System.Text;
using Serverless.Inference.Generation.Text;

namespace Serverless.Inference.Tests.Generation;

/// <summary>Prompts in bytes, and each token written out as three hexadecimal digits: so every text tells its tokens.</summary>
internal sealed class ByteText(int vocabularySize) : ITextTokenizer
{
    public int VocabularySize => vocabularySize;

    public IReadOnlyList<int> Encode(string text, bool addSpecial, bool special) => [.. Encoding.UTF8.GetBytes(text).Select(value => (int)value)];

    public string Decode(IReadOnlyList<int> tokens) => string.Concat(tokens.Select(token => $"{token:x3}"));

    public ReadOnlyMemory<byte> BytesOf(int token) => Encoding.UTF8.GetBytes($"{token:x3}");

    public bool IsSpecial(int token) => false;
}
