using System.Text;
using Serverless.Inference.Generation.Text;

namespace Serverless.Inference.Tests.Generation.Text;

/// <summary>Tokens that are exactly these bytes.</summary>
internal sealed class PieceTokenizer(params byte[][] pieces) : ITextTokenizer
{
    public PieceTokenizer(params string[] pieces)
        : this(Array.ConvertAll(pieces, Encoding.UTF8.GetBytes))
    {
    }

    public bool DropsFirstSpace { get; init; }

    public int VocabularySize => pieces.Length;

    public IReadOnlyList<int> Encode(string text, bool addSpecial, bool special) => throw new NotSupportedException();

    public string Decode(IReadOnlyList<int> tokens) => throw new NotSupportedException();

    public ReadOnlyMemory<byte> BytesOf(int token) => pieces[token];

    public ReadOnlyMemory<byte> BytesOfFirst(int token) =>
        DropsFirstSpace && pieces[token] is [(byte)' ', ..] ? pieces[token].AsMemory(1) : pieces[token];

    public bool IsSpecial(int token) => false;
}
