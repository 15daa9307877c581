using TinyLm.Corpus;

namespace TinyLm.Tests.Corpus;

public sealed class BibleTextTests
{
    private const string Printed = """


        Genesis 1

          1 In the beginning God created the heaven and the earth.
          2 And the earth was without form, and void; and darkness was upon the face of
        the deep.
          10 And God saw
        that it
        was good.

        Psalms 3

          1 Lord, how are they increased

        """;

    [Fact]
    public void Parse_OfWrappedVerses_JoinsTheirLinesUnderTheirChapter()
    {
        var chapters = BibleText.Parse(new StringReader(Printed));

        Assert.Equal(["Genesis 1", "Psalms 3"], chapters.Select(chapter => chapter.Title));
        Assert.Equal(
            [
                "In the beginning God created the heaven and the earth.",
                "And the earth was without form, and void; and darkness was upon the face of the deep.",
                "And God saw that it was good.",
            ],
            chapters[0].Verses);
        Assert.Equal("Psalms 3\nLord, how are they increased\n", chapters[1].Text);
    }

    [Fact]
    public void ReadAll_OfWhatDebianShips_IsTheWholeBible()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/bible"), "The Debian package bible-kjv is not installed.");

        var chapters = BibleText.ReadAll();

        Assert.Equal(1_189, chapters.Count);
        Assert.Equal(31_102, chapters.Sum(chapter => chapter.Verses.Count));
        Assert.Equal("The grace of our Lord Jesus Christ be with you all. Amen.", chapters[^1].Verses[^1]);
    }
}
