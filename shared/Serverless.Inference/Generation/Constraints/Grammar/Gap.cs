namespace Serverless.Inference.Generation.Constraints.Grammar;

/// <summary>
/// White space where JSON allows any amount: here nothing, one space, or a new line with up to 20 spaces, which is how JSON is written, and
/// too little for a model to lose itself in. 0 is before any of it.
/// </summary>
internal static class Gap
{
    private const int Space = 1;
    private const int NewLine = 2;
    private const int MaxIndent = 20;

    /// <summary>The gap with one byte more; below 0 where it cannot follow.</summary>
    public static int Next(int gap, byte value) => (gap, (char)value) switch
    {
        (0, ' ') => Space,
        (0, '\n') => NewLine,
        ( >= NewLine and < NewLine + MaxIndent, ' ') => gap + 1,
        _ => -1,
    };
}
