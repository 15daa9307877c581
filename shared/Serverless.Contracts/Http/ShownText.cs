using System.Globalization;

namespace Serverless.Contracts.Http;

/// <summary>
/// Strangers' text as it may stand in an answer or a log line: short, and without what would begin a new line or turn the direction of what
/// follows.
/// </summary>
public static class ShownText
{
    private const int MaxLength = 100;

    /// <summary>The first 100 characters, with <c>?</c> in place of those that control the line; empty for null.</summary>
    public static string Of(string? text) =>
        text is null ? string.Empty : string.Concat(text.Take(MaxLength).Select(character => IsShown(character) ? character : '?'));

    private static bool IsShown(char character) => char.GetUnicodeCategory(character) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
