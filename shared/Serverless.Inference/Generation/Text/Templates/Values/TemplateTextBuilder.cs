using System.Text;

namespace Serverless.Inference.Generation.Text.Templates.Values;

/// <summary>Puts texts together without forgetting where they came from.</summary>
internal sealed class TemplateTextBuilder
{
    private readonly StringBuilder _text = new();
    private readonly List<TextRange> _fromCaller = [];

    public TemplateTextBuilder Append(TemplateText text)
    {
        var start = Grow(text.Length);
        _text.Append(text.Text);
        foreach (var range in text.FromCaller)
            AddRange(start + range.Start, start + range.End);
        return this;
    }

    public TemplateTextBuilder Append(string text, bool fromCaller = false)
    {
        var start = Grow(text.Length);
        _text.Append(text);
        if (fromCaller)
            AddRange(start, start + text.Length);
        return this;
    }

    public TemplateText ToText() => new(_text.ToString(), [.. _fromCaller]);

    private int Grow(int length)
    {
        if (_text.Length + length > TemplateLimits.TextCharacters)
            throw new TemplateException($"a text has more than {TemplateLimits.TextCharacters} characters");
        return _text.Length;
    }

    private void AddRange(int start, int end)
    {
        if (_fromCaller.Count > 0 && _fromCaller[^1].End == start)
            _fromCaller[^1] = _fromCaller[^1] with { End = end };
        else if (end > start)
            _fromCaller.Add(new TextRange(start, end));
    }
}
