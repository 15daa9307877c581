namespace TinyLm.Tokens;

/// <summary>The tokens that stand for no text.</summary>
internal static class SpecialTokens
{
    /// <summary>Between texts, and what an empty prompt starts from.</summary>
    public const int EndOfText = 0;

    /// <summary>Before the role of who speaks.</summary>
    public const int TurnStart = 1;

    /// <summary>After what was said.</summary>
    public const int TurnEnd = 2;

    /// <summary>How they are written, by number.</summary>
    public static readonly string[] Names = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];

    /// <summary>The number of the first byte's token.</summary>
    public static int Count => Names.Length;
}
