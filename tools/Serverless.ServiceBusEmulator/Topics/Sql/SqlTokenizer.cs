using System.Text;

namespace Serverless.ServiceBusEmulator.Topics.Sql;

/// <summary>Cuts the text of a filter or an action into tokens.</summary>
internal sealed class SqlTokenizer(string text)
{
    private static readonly string[] TwoCharacterSymbols = ["<>", "!=", ">=", "<="];

    private int _position;

    public List<SqlToken> ReadAll()
    {
        var tokens = new List<SqlToken>();
        do
        {
            tokens.Add(Next());
        }
        while (tokens[^1].Kind != SqlTokenKind.End);
        return tokens;
    }

    private SqlToken Next()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
            _position++;
        if (_position >= text.Length)
            return new SqlToken(SqlTokenKind.End, string.Empty, _position);

        var start = _position;
        return text[start] switch
        {
            '\'' => new SqlToken(SqlTokenKind.Text, ReadQuoted('\''), start),
            '"' => new SqlToken(SqlTokenKind.QuotedName, ReadQuoted('"'), start),
            '[' => new SqlToken(SqlTokenKind.QuotedName, ReadQuoted(']'), start),
            var letter when char.IsLetter(letter) || letter is '_' or '@' or '$' =>
                Take(SqlTokenKind.Word, character => char.IsLetterOrDigit(character) || character is '_' or '@' or '$' or '#'),
            var digit when char.IsAsciiDigit(digit) => ReadNumber(),
            _ => ReadSymbol(),
        };
    }

    private SqlToken Take(SqlTokenKind kind, Func<char, bool> belongs)
    {
        var start = _position;
        while (_position < text.Length && belongs(text[_position]))
            _position++;
        return new SqlToken(kind, text[start.._position], start);
    }

    private SqlToken ReadNumber()
    {
        var start = _position;
        SkipDigits();
        if (Peek() == '.')
        {
            _position++;
            SkipDigits();
        }

        if (Peek() is 'e' or 'E')
        {
            _position++;
            if (Peek() is '+' or '-')
                _position++;
            SkipDigits();
        }

        return new SqlToken(SqlTokenKind.Number, text[start.._position], start);
    }

    private SqlToken ReadSymbol()
    {
        var start = _position;
        var two = text.AsSpan(start, Math.Min(2, text.Length - start)).ToString();
        var symbol = TwoCharacterSymbols.Contains(two) ? two : two[..1];
        if (symbol.Length == 1 && !"=<>+-*/%(),.;".Contains(symbol[0], StringComparison.Ordinal))
            throw new SqlSyntaxException($"'{symbol}' has no meaning here", start);
        _position += symbol.Length;
        return new SqlToken(SqlTokenKind.Symbol, symbol, start);
    }

    private string ReadQuoted(char end)
    {
        var start = _position++;
        var value = new StringBuilder();
        while (_position < text.Length)
        {
            var character = text[_position++];
            if (character != end)
                value.Append(character);
            else if (Peek() == end)
                value.Append(text[_position++]);
            else
                return value.ToString();
        }

        throw new SqlSyntaxException($"{text[start]} is not closed", start);
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Peek()))
            _position++;
    }

    private char Peek() => _position < text.Length ? text[_position] : '\0';
}
