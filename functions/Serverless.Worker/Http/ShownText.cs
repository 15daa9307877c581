namespace Serverless.Worker.Http;

/// <summary>Strangers' text as it may stand in an answer or a log line: short, and without what would begin a new line.</summary>
internal static class ShownText
{
    private const int MaxLength = 100;

    public static string Of(string? text) =>
        text is null ? string.Empty : string.Concat(text.Take(MaxLength).Select(character => char.IsControl(character) ? '?' : character));
}
