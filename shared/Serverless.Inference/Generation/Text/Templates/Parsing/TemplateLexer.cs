namespace Serverless.Inference.Generation.Text.Templates.Parsing;

/// <summary>
/// Splits a template into text and tags, with whitespace as Hugging Face sets it: a block's line end is dropped (<c>trim_blocks</c>), and
/// so is the indentation before a block (<c>lstrip_blocks</c>).
/// </summary>
internal sealed class TemplateLexer
{
    private readonly string _source;
    private readonly List<TemplateToken> _tokens = [];
    private int _at;
    private int _line = 1;

    private TemplateLexer(string source) => _source = source;

    /// <exception cref="TemplateException">The template is broken.</exception>
    public static List<TemplateToken> Split(string source)
    {
        var lexer = new TemplateLexer(source);
        while (lexer.ReadText())
            lexer.ReadTag();
        lexer._tokens.Add(new TemplateToken(TemplateTokenKind.End, string.Empty, lexer._line));
        return lexer._tokens;
    }

    /// <summary>Takes the text up to the next tag; false at the end.</summary>
    private bool ReadText()
    {
        var start = _at;
        var end = NextTag();
        _at = end < 0 ? _source.Length : end;
        var text = _source.AsSpan(start, _at - start);
        var trimmed = end < 0 ? text : BeforeTag(text, start, _source.AsSpan(end));
        if (!trimmed.IsEmpty)
            _tokens.Add(new TemplateToken(TemplateTokenKind.Text, trimmed.ToString(), _line));
        _line += text.Count('\n');
        return end >= 0;
    }

    private int NextTag()
    {
        for (var at = _source.IndexOf('{', _at); at >= 0 && at + 1 < _source.Length; at = _source.IndexOf('{', at + 1))
        {
            if (_source[at + 1] is '{' or '%' or '#')
                return at;
        }

        return -1;
    }

    private ReadOnlySpan<char> BeforeTag(ReadOnlySpan<char> text, int start, ReadOnlySpan<char> tag)
    {
        var sign = tag.Length > 2 ? tag[2] : ' ';
        if (sign == '-')
            return text.TrimEnd();
        if (tag[1] == '{' || sign == '+')
            return text;
        // Indentation only where nothing else stands before the block on its line.
        var indentation = text.Length - text.TrimEnd(" \t\r\f\v").Length;
        var before = text[..^indentation];
        var beginsLine = before.IsEmpty ? start == 0 || _source[start - 1] == '\n' : before[^1] == '\n';
        return beginsLine ? before : text;
    }

    private void ReadTag()
    {
        var line = _line;
        var kind = _source[_at + 1];
        _at += 2;
        if (kind == '#')
        {
            var end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
            if (end < 0)
                throw new TemplateException(line, "a comment is not closed");
            var sign = end > _at ? _source[end - 1] : ' ';
            Skip(end + 2);
            AfterTag(sign, trimsLine: true);
            return;
        }

        if (_at < _source.Length && _source[_at] is '-' or '+')
            _at++;
        var isBlock = kind == '%';
        _tokens.Add(new TemplateToken(isBlock ? TemplateTokenKind.BlockStart : TemplateTokenKind.OutputStart, string.Empty, line));
        var tag = new TagLexer(_source, _at, _line, isBlock ? "%}" : "}}");
        tag.ReadTo(_tokens);
        _tokens.Add(new TemplateToken(isBlock ? TemplateTokenKind.BlockEnd : TemplateTokenKind.OutputEnd, string.Empty, _line));
        Skip(tag.End);
        AfterTag(tag.Sign, isBlock);
    }

    /// <summary>Drops the whitespace that the tag's end says is not text.</summary>
    private void AfterTag(char sign, bool trimsLine)
    {
        var end = _at;
        if (sign == '-')
        {
            while (end < _source.Length && char.IsWhiteSpace(_source[end]))
                end++;
        }
        else if (trimsLine && sign != '+' && end < _source.Length && _source[end] == '\n')
        {
            end++;
        }

        Skip(end);
    }

    private void Skip(int end)
    {
        _line += _source.AsSpan(_at, end - _at).Count('\n');
        _at = end;
    }
}
