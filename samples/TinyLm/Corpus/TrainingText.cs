using System.Runtime.InteropServices;
using TinyLm.Numerics;
using TinyLm.Tokens;

namespace TinyLm.Corpus;

/// <summary>
/// The text as tokens. Every twentieth chapter is held out to measure by. A share of the sequences are conversations in the form of the
/// chat template, in which the assistant answers a verse with the one that follows: the model learns to take turns and to end them.
/// </summary>
internal sealed class TrainingText
{
    private const int HeldOutEvery = 20;
    private const int MostTurns = 4;

    private readonly int[] _stream;
    private readonly int[][][] _chapters;
    private readonly ChatFormat _format;

    public TrainingText(IReadOnlyList<Chapter> chapters, BytePairTokenizer tokenizer)
    {
        _format = new ChatFormat(tokenizer);
        var kept = Kept(chapters).ToList();
        _stream = [.. kept.SelectMany(chapter => Tokens(chapter, tokenizer))];
        var answerable = kept.Where(chapter => chapter.Verses.Count > 1);
        _chapters = [.. answerable.Select(chapter => chapter.Verses.Select(tokenizer.Encode).ToArray())];
        HeldOut = [.. chapters.Except(kept).SelectMany(chapter => Tokens(chapter, tokenizer))];
    }

    /// <summary>Tokens that training never sees.</summary>
    public int[] HeldOut { get; }

    /// <summary>How many tokens there are to train on.</summary>
    public int Count => _stream.Length;

    /// <summary>The chapters that are trained on.</summary>
    public static IEnumerable<Chapter> Kept(IReadOnlyList<Chapter> chapters) =>
        chapters.Where((_, index) => index % HeldOutEvery != HeldOutEvery / 2);

    /// <summary>Fills with a random part of the running text.</summary>
    public void FillPlain(Span<int> tokens, Noise noise) =>
        _stream.AsSpan(noise.Below(_stream.Length - tokens.Length), tokens.Length).CopyTo(tokens);

    /// <summary>Fills with conversations from their beginning.</summary>
    public void FillChat(Span<int> tokens, Noise noise)
    {
        var row = new List<int>(tokens.Length + 256);
        while (row.Count < tokens.Length)
        {
            if (row.Count > 0)
                row.Add(SpecialTokens.EndOfText);
            var chapter = _chapters[noise.Below(_chapters.Length)];
            var verse = noise.Below(chapter.Length - 1);
            for (var turns = 1 + noise.Below(MostTurns); turns > 0 && verse + 1 < chapter.Length; turns--, verse += 2)
            {
                _format.AddTurn(row, ChatFormat.User, chapter[verse]);
                _format.AddTurn(row, ChatFormat.Assistant, chapter[verse + 1]);
            }
        }

        CollectionsMarshal.AsSpan(row)[..tokens.Length].CopyTo(tokens);
    }

    private static IEnumerable<int> Tokens(Chapter chapter, BytePairTokenizer tokenizer) =>
        [SpecialTokens.EndOfText, .. tokenizer.Encode(chapter.Text)];
}
