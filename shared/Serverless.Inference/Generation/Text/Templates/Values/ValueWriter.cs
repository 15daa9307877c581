using System.Globalization;
using System.Runtime.CompilerServices;

namespace Serverless.Inference.Generation.Text.Templates.Values;

/// <summary>
/// Writes values as JSON (as Python's <c>json.dumps</c> with all characters as they are) or as Python's <c>repr</c>. The texts within stay
/// the caller's where they were.
/// </summary>
internal sealed class ValueWriter
{
    private readonly TemplateTextBuilder _text = new();
    private readonly bool _isJson;
    private readonly int? _indent;

    private ValueWriter(bool isJson, int? indent)
    {
        _isJson = isJson;
        _indent = indent;
    }

    public static TemplateText ToJson(object? value, int? indent) => new ValueWriter(isJson: true, indent).Write(value, 0)._text.ToText();

    public static TemplateText Represent(object? value) => new ValueWriter(isJson: false, indent: null).Write(value, 0)._text.ToText();

    private ValueWriter Write(object? value, int depth)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (value)
        {
            case TemplateText text:
                WriteText(text);
                break;
            case List<object?> list:
                WriteAll('[', list, ']', depth, item => Write(item, depth + 1));
                break;
            case TemplateMap map:
                WriteAll('{', map.Entries, '}', depth, entry =>
                {
                    WriteText(map.Key(entry.Key));
                    _text.Append(": ");
                    Write(entry.Value, depth + 1);
                });
                break;
            case null when _isJson:
                _text.Append("null");
                break;
            case bool flag when _isJson:
                _text.Append(flag ? "true" : "false");
                break;
            case Undefined when _isJson:
                throw new TemplateException($"{TemplateValue.KindOf(value)} cannot be written as JSON");
            default:
                _text.Append(TemplateValue.ToText(value));
                break;
        }

        return this;
    }

    private void WriteAll<T>(char open, ICollection<T> items, char close, int depth, Action<T> write)
    {
        _text.Append(open.ToString());
        var isFirst = true;
        foreach (var item in items)
        {
            if (!isFirst)
                _text.Append(_indent is null ? ", " : ",");
            isFirst = false;
            NewLine(depth + 1);
            write(item);
        }

        if (!isFirst)
            NewLine(depth);
        _text.Append(close.ToString());
    }

    private void NewLine(int depth)
    {
        if (_indent is { } width)
            _text.Append("\n" + new string(' ', Math.Clamp(width, 0, 16) * depth));
    }

    private void WriteText(TemplateText text)
    {
        var quote = _isJson || (text.Text.Contains('\'', StringComparison.Ordinal) && !text.Text.Contains('"', StringComparison.Ordinal))
            ? '"'
            : '\'';
        _text.Append(quote.ToString());
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (Escape(text.Text[i], quote) is not { } escaped)
                continue;
            _text.Append(text.Slice(start, i - start)).Append(escaped);
            start = i + 1;
        }

        _text.Append(text.Slice(start, text.Length - start)).Append(quote.ToString());
    }

    private string? Escape(char character, char quote) => character switch
    {
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' when _isJson => "\\b",
        '\f' when _isJson => "\\f",
        < ' ' => (_isJson ? "\\u00" : "\\x") + ((int)character).ToString("x2", CultureInfo.InvariantCulture),
        _ => character == quote ? "\\" + quote : null,
    };
}
