namespace Serverless.Inference.Generation.Constraints.Grammar;

/// <summary>Collects the places that a text can be at after one more byte, and keeps one frame of each kind.</summary>
internal sealed class FrameSet
{
    /// <summary>
    /// How many readings of a text are followed at once; more are dropped, which allows less than the schema does, never more. Only schemas
    /// whose alternatives begin alike and are nested in one another come near.
    /// </summary>
    public const int MaxFrames = 64;

    private readonly Dictionary<(Frame? Parent, GrammarNode Node, Place Place), Frame> _known = [];
    private readonly List<Frame> _frames = [];
    private readonly HashSet<Frame> _isIn = [];
    private int _lastId;

    public IReadOnlyList<Frame> Frames => _frames;

    /// <summary>Whether the whole text may end here.</summary>
    public bool HasEnd { get; private set; }

    /// <summary>How many frames were kept since the last <see cref="Forget"/>.</summary>
    public int Known => _known.Count;

    public void Clear()
    {
        _frames.Clear();
        _isIn.Clear();
        HasEnd = false;
    }

    /// <summary>Lets all frames go that nobody holds; ids go on, so old and new ones are never mixed up.</summary>
    public void Forget() => _known.Clear();

    public void Add(Frame? parent, GrammarNode node, Place place) => Add(FrameOf(parent, node, place));

    /// <summary>A node's text is over: the text goes on at <paramref name="parent"/>.</summary>
    public void Finish(Frame? parent)
    {
        if (parent is null)
            HasEnd = true;
        else
            Add(parent);
    }

    /// <summary>The one frame of its kind, to be a parent.</summary>
    public Frame FrameOf(Frame? parent, GrammarNode node, Place place)
    {
        if (!_known.TryGetValue((parent, node, place), out var frame))
            _known[(parent, node, place)] = frame = new Frame(parent, node, place, ++_lastId);
        return frame;
    }

    private void Add(Frame frame)
    {
        if (_frames.Count < MaxFrames && _isIn.Add(frame))
            _frames.Add(frame);
    }
}
