namespace TinyLm.Tokens;

/// <summary>Two tokens that become one where they stand beside each other.</summary>
internal readonly record struct Merge(int Left, int Right);
