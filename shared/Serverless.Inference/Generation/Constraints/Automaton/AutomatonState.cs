using Serverless.Inference.Generation.Constraints.Grammar;

namespace Serverless.Inference.Generation.Constraints.Automaton;

/// <summary>All the places in a grammar that a text can be at, with what was found out about them so far.</summary>
internal sealed class AutomatonState(Frame[] frames, bool hasEnd)
{
    private const int Nibble = 16;

    private readonly AutomatonState?[]?[] _next = new AutomatonState?[Nibble][];

    /// <summary>The state of texts that cannot match any more.</summary>
    public static AutomatonState Dead { get; } = new([], hasEnd: false);

    public Frame[] Frames { get; } = frames;

    /// <summary>Whether the text matches as it is.</summary>
    public bool CanEnd { get; } = hasEnd || frames.Any(frame => frame.Parent is null && frame.Node.CanEnd(frame.Place));

    /// <summary>Whether it matches and nothing can follow.</summary>
    public bool IsFinal { get; set; }

    /// <summary>What may follow; null until somebody asked.</summary>
    public TokenMask? Mask { get; set; }

    /// <summary>Where a byte leads; null if nobody asked yet.</summary>
    public AutomatonState? this[byte step]
    {
        get => _next[step >> 4]?[step & (Nibble - 1)];
        set => (_next[step >> 4] ??= new AutomatonState?[Nibble])[step & (Nibble - 1)] = value;
    }
}
