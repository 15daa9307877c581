using System.Text;
using Serverless.Contracts.Errors;
using Tokenizers.DotNet;

namespace Serverless.Inference.Generation.Text.Tokenization;

/// <summary>The tokenizer of a package: encodes with Hugging Face's library, and decodes by a table of bytes.</summary>
internal sealed class PackageTokenizer : ITextTokenizer, IDisposable
{
    // About half a million tokens; encoding them takes the library 1 to 5 seconds. Above 10 million characters, a run of spaces exhausts
    // its regular expressions, and with them the process (12 million did).
    private const int MaxCharacters = 1 << 21;

    private readonly TokenBytes _bytes;
    private readonly SpecialNames _names;
    private readonly Surroundings _surroundings;
    private readonly NativeTokenizer _native;

    /// <exception cref="InvalidDataException">The file cannot be used; the message says why.</exception>
    public PackageTokenizer(TokenizerFile file)
    {
        _bytes = new TokenBytes(file);
        _names = new SpecialNames(file.Added);
        _surroundings = file.Surroundings;
        _native = new NativeTokenizer(new NativeTokenizerFile(file, _names).WriteTo);
    }

    public int VocabularySize => _bytes.Count;

    public IReadOnlyList<int> Encode(string text, bool addSpecial, bool special)
    {
        if (special)
        {
            var rewritten = new StringBuilder(text.Length);
            _names.Rewrite(text, rewritten);
            text = rewritten.ToString();
        }

        return Encode(text, addSpecial);
    }

    /// <summary>Token ids of a text of which only parts may contain special tokens.</summary>
    public IReadOnlyList<int> Encode(IEnumerable<(ReadOnlyMemory<char> Text, bool Special)> parts)
    {
        var text = new StringBuilder();
        foreach (var (part, special) in parts)
        {
            if (special)
                _names.Rewrite(part.Span, text);
            else
                text.Append(part);
        }

        return Encode(text.ToString(), addSpecial: false);
    }

    public string Decode(IReadOnlyList<int> tokens)
    {
        var text = new MemoryStream();
        var isFirst = true;
        foreach (var token in tokens)
        {
            text.Write((isFirst ? BytesOfFirst(token) : BytesOf(token)).Span);
            isFirst &= BytesOf(token).IsEmpty;
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    public ReadOnlyMemory<byte> BytesOf(int token) => _bytes.Of(token);

    public ReadOnlyMemory<byte> BytesOfFirst(int token) => _bytes.OfFirst(token);

    public bool IsSpecial(int token) => _bytes.IsSpecial(token);

    public void Dispose() => _native.Dispose();

    private int[] Encode(string text, bool addSpecial)
    {
        if (text.Length > MaxCharacters)
        {
            throw new InferenceException(
                ErrorKind.InvalidRequest, $"The text has {text.Length} characters; texts of up to {MaxCharacters} are taken.");
        }

        try
        {
            var ids = Array.ConvertAll(_native.Encode(WellFormed(text)), id => (int)id);
            return addSpecial ? [.. _surroundings.Before, .. ids, .. _surroundings.After] : ids;
        }
        catch (TokenizerException error)
        {
            throw new InferenceException(ErrorKind.InvalidRequest, $"The model's tokenizer refuses the text: {error.Message}", inner: error);
        }
    }

    // Half of a surrogate pair is legal in JSON strings and in .NET's, and nowhere in UTF-8.
    private static string WellFormed(string text) => text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0
        ? text
        : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
