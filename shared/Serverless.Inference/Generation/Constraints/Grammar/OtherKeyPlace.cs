namespace Serverless.Inference.Generation.Constraints.Grammar;

/// <summary>How far a key is read that must be none of those named.</summary>
/// <param name="KeyNode">How far it is like one of them; below 0 when it is not any more, or cannot go on.</param>
/// <param name="StringState">Once it is unlike all of them: where in a string it is. 0 before that.</param>
/// <param name="IsClosed">Whether the closing quote was read.</param>
internal readonly record struct OtherKeyPlace(int KeyNode, int StringState = 0, bool IsClosed = false)
{
    public static OtherKeyPlace Dead { get; } = new(-1);
}
