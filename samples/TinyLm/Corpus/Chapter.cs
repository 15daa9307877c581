namespace TinyLm.Corpus;

/// <summary>A chapter of the text.</summary>
/// <param name="Title">Its book and number, as <c>Genesis 1</c>.</param>
/// <param name="Verses">Each on one line, without its number.</param>
internal sealed record Chapter(string Title, IReadOnlyList<string> Verses)
{
    /// <summary>The chapter as the model reads it: its title and each verse on a line of its own.</summary>
    public string Text => $"{Title}\n{string.Join('\n', Verses)}\n";
}
