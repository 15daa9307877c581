using System.Text.Json;

namespace Serverless.Inference.Generation.Text.Tokenization;

/// <summary>A <c>tokenizer.json</c> that was read and found to be one that can be run.</summary>
internal sealed class TokenizerFile : IDisposable
{
    private const int MaxBytes = 64 * 1024 * 1024;

    private readonly JsonDocument _document;

    private TokenizerFile(JsonDocument document, IReadOnlySet<string> special)
    {
        _document = document;
        Root = document.RootElement;
        if (Root.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException("it is no JSON object");
        ComponentCheck.Check(Root);
        Vocabulary = VocabularyReader.Read(Root);
        Added = AddedTokenReader.Read(Root, Vocabulary, special);
        Decoding = DecoderReader.Read(Root);
        Surroundings = SurroundingsReader.Read(Root);
        Size = Math.Max(Vocabulary.Values.DefaultIfEmpty(-1).Max(), Added.Select(token => token.Id).DefaultIfEmpty(-1).Max()) + 1;
        if (Size == 0)
            throw new InvalidDataException("it has no tokens");
        if (Surroundings.Before.Concat(Surroundings.After).Any(id => id >= Size))
            throw new InvalidDataException($"its post_processor adds a token id beyond the last, {Size - 1}");
    }

    public JsonElement Root { get; }

    /// <summary>Ids of the model's own tokens.</summary>
    public Dictionary<string, int> Vocabulary { get; }

    public IReadOnlyList<AddedToken> Added { get; }

    public DecodingRules Decoding { get; }

    public Surroundings Surroundings { get; }

    /// <summary>How many ids there are, from 0.</summary>
    public int Size { get; }

    /// <param name="utf8">The file.</param>
    /// <param name="special">Tokens that other files of the package call special.</param>
    /// <exception cref="InvalidDataException">The file is broken, or uses what is not supported; the message says what.</exception>
    public static TokenizerFile Read(ReadOnlyMemory<byte> utf8, IReadOnlySet<string> special)
    {
        JsonDocument? document = null;
        try
        {
            if (utf8.Length > MaxBytes)
                throw new InvalidDataException($"it has {utf8.Length} bytes; at most {MaxBytes} are supported");
            document = JsonDocument.Parse(utf8);
            return new TokenizerFile(document, special);
        }
        catch (Exception error) when (error is JsonException or InvalidDataException or InvalidOperationException)
        {
            document?.Dispose();
            throw new InvalidDataException($"tokenizer.json cannot be used: {error.Message.TrimEnd('.')}.", error);
        }
    }

    public void Dispose() => _document.Dispose();
}
