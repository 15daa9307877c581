namespace Serverless.Inference.Generation.Text.Templates.Values;

/// <summary>
/// A text that knows which of its characters came from the caller: what looks like a control token in those is plain text.
/// </summary>
internal sealed class TemplateText
{
    private readonly TextRange[] _fromCaller;

    public TemplateText(string text, TextRange[] fromCaller)
    {
        Text = text;
        _fromCaller = fromCaller;
    }

    public static TemplateText Empty { get; } = new(string.Empty, []);

    public string Text { get; }

    public int Length => Text.Length;

    /// <summary>The characters that came from the caller, in order.</summary>
    public IReadOnlyList<TextRange> FromCaller => _fromCaller;

    /// <param name="text">The text.</param>
    /// <param name="fromCaller">Whether all of it came from the caller, rather than from the template.</param>
    public static TemplateText Of(string text, bool fromCaller = false) =>
        new(text, fromCaller && text.Length > 0 ? [new TextRange(0, text.Length)] : []);

    public TemplateText Slice(int start, int length)
    {
        if (length <= 0)
            return Empty;
        if (length == Length)
            return this;
        var end = start + length;
        var ranges = _fromCaller.Length == 0
            ? []
            : _fromCaller.Where(range => range.Start < end && range.End > start)
                .Select(range => new TextRange(Math.Max(range.Start, start) - start, Math.Min(range.End, end) - start)).ToArray();
        return new TemplateText(Text.Substring(start, length), ranges);
    }

    /// <summary>Every character changed on its own.</summary>
    public TemplateText Map(Func<string, string> change)
    {
        var changed = change(Text);
        return changed.Length == Length ? new TemplateText(changed, _fromCaller) : Of(changed, _fromCaller.Length > 0);
    }

    public override string ToString() => Text;
}
