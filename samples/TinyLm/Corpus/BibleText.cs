using System.ComponentModel;
using System.Diagnostics;

namespace TinyLm.Corpus;

/// <summary>The King James Bible as Debian's package <c>bible-kjv</c> prints it.</summary>
internal static class BibleText
{
    private const string Verses = "gen1:1-rev22:21";

    /// <summary>All 1,189 chapters, from the command <c>bible</c>.</summary>
    /// <exception cref="FileNotFoundException">It is not installed.</exception>
    public static IReadOnlyList<Chapter> ReadAll()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("bible", Verses) { RedirectStandardOutput = true })!;
            var chapters = Parse(process.StandardOutput);
            process.WaitForExit();
            return chapters;
        }
        catch (Win32Exception error)
        {
            throw new FileNotFoundException("The Debian package bible-kjv is not installed: apt-get install bible-kjv.", error);
        }
    }

    /// <summary>
    /// A line after an empty one is a chapter's title, a line that two spaces and a number begin is a verse, any other goes on with it.
    /// </summary>
    public static IReadOnlyList<Chapter> Parse(TextReader text)
    {
        var chapters = new List<Chapter>();
        var verses = new List<string>();
        var afterEmpty = true;
        while (text.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                if (line.StartsWith("  ", StringComparison.Ordinal))
                    verses.Add(line[(line.IndexOf(' ', 2) + 1)..].Trim());
                else if (afterEmpty)
                    chapters.Add(new Chapter(line.Trim(), verses = []));
                else
                    verses[^1] += " " + line.Trim();
            }

            afterEmpty = line.Length == 0;
        }

        return chapters;
    }
}
