namespace TinyLm.Corpus;

/// <summary>A text of one's own to train on: a chapter for each paragraph, whose first line is its title.</summary>
internal static class TextFile
{
    private const long MaxBytes = 64 << 20;

    /// <exception cref="InvalidDataException">It is too large, or has no text.</exception>
    public static IReadOnlyList<Chapter> Read(string path)
    {
        if (new FileInfo(path).Length > MaxBytes)
            throw new InvalidDataException($"{path} is larger than the {MaxBytes} bytes that a text may take.");
        var chapters = File.ReadAllText(path).ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(paragraph => paragraph.Split('\n')).Select(lines => new Chapter(lines[0], lines[1..])).ToList();
        return chapters.Count > 0 ? chapters : throw new InvalidDataException($"{path} has no text.");
    }
}
