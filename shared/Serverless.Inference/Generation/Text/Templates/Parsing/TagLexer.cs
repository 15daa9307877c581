using System.Globalization;
using System.Text;

namespace Serverless.Inference.Generation.Text.Templates.Parsing;

/// <summary>Splits the inside of one tag.</summary>
internal sealed class TagLexer(string source, int start, int line, string closing)
{
    private static readonly string[] LongOperators = ["==", "!=", "<=", ">=", "//", "**"];

    private int _at = start;
    private readonly int _firstLine = line;
    private int _line = line;

    /// <summary>Where the text after the tag begins.</summary>
    public int End => _at;

    /// <summary>The minus or plus sign before the tag's end, if there is one.</summary>
    public char Sign { get; private set; } = ' ';

    /// <exception cref="TemplateException">The tag is broken.</exception>
    public void ReadTo(List<TemplateToken> tokens)
    {
        var open = 0;
        while (true)
        {
            SkipSpace();
            if (_at >= source.Length)
                throw new TemplateException(_firstLine, $"a tag is not closed by '{closing}'");
            // Within braces, }} is the end of two mappings.
            if (open == 0 && Closes())
                return;
            var token = Next();
            if (token.Kind == TemplateTokenKind.Operator)
                open += token.Value is "{" or "(" or "[" ? 1 : token.Value is "}" or ")" or "]" ? -1 : 0;
            tokens.Add(token);
        }
    }

    private bool Closes()
    {
        var signed = source[_at] is '-' or '+';
        if (string.CompareOrdinal(source, signed ? _at + 1 : _at, closing, 0, closing.Length) != 0)
            return false;
        Sign = signed ? source[_at] : ' ';
        _at += closing.Length + (signed ? 1 : 0);
        return true;
    }

    private void SkipSpace()
    {
        for (; _at < source.Length && char.IsWhiteSpace(source[_at]); _at++)
            _line += source[_at] == '\n' ? 1 : 0;
    }

    private TemplateToken Next()
    {
        var first = source[_at];
        if (first is '"' or '\'')
            return String(first);
        if (char.IsAsciiDigit(first))
            return Number();
        if (char.IsLetter(first) || first == '_')
            return Take(TemplateTokenKind.Name, Run(character => char.IsLetterOrDigit(character) || character == '_'));
        foreach (var two in LongOperators)
        {
            if (string.CompareOrdinal(source, _at, two, 0, 2) == 0)
                return Take(TemplateTokenKind.Operator, 2);
        }

        return "+-*/%~<>=()[]{}.,:|".Contains(first, StringComparison.Ordinal)
            ? Take(TemplateTokenKind.Operator, 1)
            : throw new TemplateException(_line, $"'{first}' is not understood");
    }

    private TemplateToken Number()
    {
        var whole = Run(char.IsAsciiDigit);
        if (_at + whole + 1 >= source.Length || source[_at + whole] != '.' || !char.IsAsciiDigit(source[_at + whole + 1]))
            return Take(TemplateTokenKind.Integer, whole);
        var decimals = _at + whole + 1;
        while (decimals < source.Length && char.IsAsciiDigit(source[decimals]))
            decimals++;
        return Take(TemplateTokenKind.Float, decimals - _at);
    }

    private TemplateToken String(char quote)
    {
        var line = _line;
        var text = new StringBuilder();
        for (_at++; _at < source.Length && source[_at] != quote; _at++)
        {
            _line += source[_at] == '\n' ? 1 : 0;
            if (source[_at] == '\\' && _at + 1 < source.Length)
                text.Append(Escaped());
            else
                text.Append(source[_at]);
        }

        if (_at++ >= source.Length)
            throw new TemplateException(line, "a text is not closed");
        return new TemplateToken(TemplateTokenKind.String, text.ToString(), line);
    }

    private string Escaped()
    {
        var escape = source[++_at];
        return escape switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            '\\' or '\'' or '"' => escape.ToString(),
            'x' => Code(2),
            'u' => Code(4),
            _ => "\\" + escape,
        };
    }

    private string Code(int digits)
    {
        if (_at + digits >= source.Length || !ushort.TryParse(
            source.AsSpan(_at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            throw new TemplateException(_line, "a text has a broken escape");
        _at += digits;
        return ((char)code).ToString();
    }

    private int Run(Func<char, bool> belongs)
    {
        var end = _at;
        while (end < source.Length && belongs(source[end]))
            end++;
        return end - _at;
    }

    private TemplateToken Take(TemplateTokenKind kind, int length)
    {
        var token = new TemplateToken(kind, source.Substring(_at, length), _line);
        _at += length;
        return token;
    }
}
