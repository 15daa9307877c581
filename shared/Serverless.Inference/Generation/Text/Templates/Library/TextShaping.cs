using System.Globalization;
using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Library;

/// <summary>Texts from texts, as Python's methods make them.</summary>
internal static class TextShaping
{
    public static TemplateText Strip(TemplateText text, TemplateText? characters, bool left = true, bool right = true)
    {
        var (start, end) = (0, text.Length);
        while (left && start < end && Goes(text.Text[start]))
            start++;
        while (right && end > start && Goes(text.Text[end - 1]))
            end--;
        return text.Slice(start, end - start);

        bool Goes(char character) =>
            characters is null ? char.IsWhiteSpace(character) : characters.Text.Contains(character, StringComparison.Ordinal);
    }

    public static TemplateText Replace(TemplateText text, TemplateText from, TemplateText to, int count)
    {
        var result = new TemplateTextBuilder();
        var start = 0;
        for (; count != 0 && from.Length > 0; count--)
        {
            var found = text.Text.IndexOf(from.Text, start, StringComparison.Ordinal);
            if (found < 0)
                break;
            result.Append(text.Slice(start, found - start)).Append(to);
            start = found + from.Length;
        }

        return result.Append(text.Slice(start, text.Length - start)).ToText();
    }

    /// <param name="text">What is split.</param>
    /// <param name="separator">Null for runs of whitespace.</param>
    /// <param name="count">How often at most; below 0 for always.</param>
    public static List<object?> Split(TemplateText text, TemplateText? separator, int count)
    {
        if (separator is null)
            return Words(text, count);
        if (separator.Length == 0)
            throw new TemplateException("a text cannot be split at an empty text");
        var parts = new List<object?>();
        var start = 0;
        for (; count != 0; count--)
        {
            var found = text.Text.IndexOf(separator.Text, start, StringComparison.Ordinal);
            if (found < 0)
                break;
            parts.Add(text.Slice(start, found - start));
            start = found + separator.Length;
        }

        parts.Add(text.Slice(start, text.Length - start));
        return parts;
    }

    public static TemplateText Join(IEnumerable<object?> items, TemplateText separator)
    {
        var result = new TemplateTextBuilder();
        var isFirst = true;
        foreach (var item in items)
        {
            if (!isFirst)
                result.Append(separator);
            result.Append(TemplateValue.ToText(item));
            isFirst = false;
        }

        return result.ToText();
    }

    public static TemplateText Indent(TemplateText text, string indentation, bool first, bool blank)
    {
        var result = new TemplateTextBuilder();
        var lines = Split(text, TemplateText.Of("\n"), -1).ConvertAll(line => (TemplateText)line!);
        for (var i = 0; i < lines.Count; i++)
        {
            if (i > 0)
                result.Append("\n");
            if (i > 0 ? blank || lines[i].Length > 0 : first)
                result.Append(indentation);
            result.Append(lines[i]);
        }

        return result.ToText();
    }

    public static TemplateText Upper(TemplateText text) => text.Map(characters => characters.ToUpperInvariant());

    public static TemplateText Lower(TemplateText text) => text.Map(characters => characters.ToLowerInvariant());

    public static TemplateText Title(TemplateText text) => text.Map(
        characters => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(characters.ToLowerInvariant()));

    public static TemplateText Capitalize(TemplateText text) => text.Map(
        characters => characters.Length == 0 ? characters : char.ToUpperInvariant(characters[0]) + characters[1..].ToLowerInvariant());

    private static List<object?> Words(TemplateText text, int count)
    {
        var words = new List<object?>();
        var rest = Strip(text, null, right: false);
        for (; rest.Length > 0; count--)
        {
            var end = 0;
            while (end < rest.Length && (count == 0 || !char.IsWhiteSpace(rest.Text[end])))
                end++;
            words.Add(rest.Slice(0, end));
            rest = Strip(rest.Slice(end, rest.Length - end), null, right: false);
        }

        return words;
    }
}
