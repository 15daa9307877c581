using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Serverless.Inference.Generation.Text;

namespace Serverless.Inference.Generation.Constraints.Vocabulary;

/// <summary>
/// A model's tokens as bytes, sorted out once for all constraints. Takes some 100 ms for 50,000 tokens; immutable.
/// </summary>
internal sealed class TokenVocabulary
{
    private readonly ReadOnlyMemory<byte>[] _bytes;
    private readonly bool _spellsEveryByte;
    private readonly HashSet<Rune> _characters = [];
    private readonly bool[] _staysInString;

    /// <param name="tokenizer">The model's.</param>
    /// <param name="size">How many logits the model gives; ids beyond the tokenizer's are never allowed.</param>
    /// <param name="endTokens">Ids that end a text.</param>
    public TokenVocabulary(ITextTokenizer tokenizer, int size, IReadOnlyList<int> endTokens)
    {
        Size = size;
        EndTokens = [.. endTokens.Where(token => token >= 0 && token < size).Distinct()];
        _bytes = ReadBytes(tokenizer, size, EndTokens);
        var single = SingleBytes(_bytes);
        MissingAscii = [.. Enumerable.Range(' ', '~' - ' ' + 1).Where(value => !single[value]).Select(value => (char)value)];
        _spellsEveryByte = Enumerable.Range(0x80, 0xF5 - 0x80).Where(value => value is not 0xC0 and not 0xC1).All(value => single[value]);
        ReadCharacters();

        var tokens = Enumerable.Range(0, size).Where(IsUsable).ToArray();
        var inString = tokens.ToLookup(EndInString);
        Tokens = new ByteTrie(tokens, BytesOf);
        Closers = new ByteTrie(inString[StringStates.Closed], BytesOf);
        _staysInString = new bool[size];
        foreach (var token in tokens.Except(inString[StringStates.Closed]).Except(inString[StringStates.Dead]))
            _staysInString[token] = true;
        NotInString = [.. Enumerable.Range(0, size).Where(token => !StaysInString(token))];
    }

    /// <summary>How many logits the model gives.</summary>
    public int Size { get; }

    /// <summary>Ids that end a text.</summary>
    public int[] EndTokens { get; }

    /// <summary>Printable ASCII characters that have no token of their own: JSON cannot be promised if there are any.</summary>
    public IReadOnlyList<char> MissingAscii { get; }

    /// <summary>All tokens that are text.</summary>
    public ByteTrie Tokens { get; }

    /// <summary>Those of them that end a string in which they begin.</summary>
    public ByteTrie Closers { get; }

    /// <summary>Ids of tokens that do not leave a string open in which they begin; most do.</summary>
    public int[] NotInString { get; }

    /// <summary>Whether a token leaves a string open in which it begins.</summary>
    public bool StaysInString(int token) => _staysInString[token];

    /// <summary>The bytes of a token; empty where it is not text.</summary>
    public ReadOnlyMemory<byte> BytesOf(int token) => (uint)token < (uint)_bytes.Length ? _bytes[token] : default;

    /// <summary>The first character of <paramref name="text"/> that the tokens cannot spell from anywhere; null if there is none.</summary>
    public Rune? FindUnspellable(string text)
    {
        if (_spellsEveryByte)
            return null;
        foreach (var character in text.EnumerateRunes())
        {
            if (!character.IsAscii && !_characters.Contains(character))
                return character;
        }

        return null;
    }

    private static ReadOnlyMemory<byte>[] ReadBytes(ITextTokenizer tokenizer, int size, int[] endTokens)
    {
        var bytes = new ReadOnlyMemory<byte>[size];
        for (var token = 0; token < Math.Min(size, tokenizer.VocabularySize); token++)
        {
            if (!tokenizer.IsSpecial(token) && !endTokens.Contains(token))
                bytes[token] = tokenizer.BytesOf(token);
        }

        return bytes;
    }

    private static bool[] SingleBytes(ReadOnlyMemory<byte>[] tokens)
    {
        var single = new bool[256];
        foreach (var bytes in tokens)
        {
            if (bytes.Length == 1)
                single[bytes.Span[0]] = true;
        }

        return single;
    }

    private void ReadCharacters()
    {
        foreach (var bytes in _bytes)
        {
            var status = Rune.DecodeFromUtf8(bytes.Span, out var character, out var length);
            if (status == OperationStatus.Done && length == bytes.Length)
                _characters.Add(character);
        }
    }

    // Where single bytes have no tokens, a token that ends within a character could leave no way to finish it.
    private bool IsUsable(int token) => !_bytes[token].IsEmpty && (_spellsEveryByte || Utf8.IsValid(_bytes[token].Span));

    /// <summary>The state that a token's bytes lead to from within a string; those after a closing quote are not looked at.</summary>
    private byte EndInString(int token)
    {
        var state = StringStates.Body;
        foreach (var value in _bytes[token].Span)
        {
            state = StringStates.Next(state, value);
            if (state <= StringStates.Closed)
                break;
        }

        return state;
    }
}
