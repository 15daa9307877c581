using Serverless.Inference.Generation.Constraints.Grammar;
using Serverless.Inference.Generation.Constraints.Vocabulary;

namespace Serverless.Inference.Generation.Constraints.Automaton;

/// <summary>
/// Reads texts by a grammar: an automaton whose states are made as texts reach them, with where each byte leads and which tokens may follow
/// remembered. Safe for any number of threads, one at a time.
/// </summary>
internal sealed class ConstraintAutomaton
{
    /// <summary>
    /// What is remembered grows with the places that texts reach; at about so many bytes all is forgotten, and found again when needed.
    /// </summary>
    public const long DefaultMemory = 4 << 20;

    private const int StateCost = 500;
    private const int FrameCost = 150;

    private readonly Lock _gate = new();
    private readonly RootNode _root;
    private readonly TokenVocabulary _vocabulary;
    private readonly long _memory;
    private readonly FrameSet _frames = new();
    private readonly Dictionary<FrameIds, AutomatonState> _states = [];
    private readonly AutomatonState[] _path;
    private readonly List<int> _tokens = [];
    private AutomatonState _start;
    private long _maskCost;

    public ConstraintAutomaton(GrammarChoice root, TokenVocabulary vocabulary, long memory)
    {
        _root = new RootNode(root);
        _vocabulary = vocabulary;
        _memory = memory;
        _path = new AutomatonState[vocabulary.Tokens.MaxDepth + 1];
        _start = CreateStart();
    }

    /// <summary>The state before the first byte.</summary>
    public AutomatonState Start
    {
        get
        {
            lock (_gate)
                return _start;
        }
    }

    /// <summary>The state after <paramref name="bytes"/>; dead where they cannot follow.</summary>
    public AutomatonState Advance(AutomatonState state, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            foreach (var value in bytes)
                state = Step(state, value);
            return state;
        }
    }

    /// <summary>The tokens that may follow.</summary>
    public TokenMask MaskOf(AutomatonState state)
    {
        lock (_gate)
        {
            if (state.Mask is { } known)
                return known;
            ForgetIfLarge();
            var mask = CreateMask(state);
            _maskCost += mask.Length * sizeof(int);
            return state.Mask = mask;
        }
    }

    // Within a string the tokens that leave it open are known from the vocabulary; only those that close it depend on what surrounds it.
    // Other readings of the same text are within a string as well, so they cannot add tokens that are not among these.
    private TokenMask CreateMask(AutomatonState state)
    {
        var inString = state.Frames.Any(frame => frame.Node.IsInString(frame.Place));
        _tokens.Clear();
        if (state.CanEnd)
            _tokens.AddRange(_vocabulary.EndTokens);
        FindAllowed(state, inString ? _vocabulary.Closers : _vocabulary.Tokens);
        int[] allowed = [.. _tokens];
        _tokens.Clear();
        if (inString && !IsInAnyString(state))
            FindExceptions(state, _vocabulary.Tokens);
        return new TokenMask(inString, allowed, [.. _tokens]);
    }

    private void FindAllowed(AutomatonState start, ByteTrie trie)
    {
        _path[0] = start;
        for (var node = 0; node < trie.Count;)
        {
            var depth = trie.Depth(node);
            var state = _path[depth + 1] = Step(_path[depth], trie.Label(node));
            if (!ReferenceEquals(state, AutomatonState.Dead))
                _tokens.AddRange(trie.TokensAt(node));
            node = ReferenceEquals(state, AutomatonState.Dead) ? trie.End(node) : node + 1;
        }
    }

    /// <summary>
    /// Tokens that leave a string open but cannot follow, in a string that some bytes may not follow. Once it has become one that all may,
    /// there are none further down.
    /// </summary>
    private void FindExceptions(AutomatonState start, ByteTrie trie)
    {
        _path[0] = start;
        for (var node = 0; node < trie.Count;)
        {
            var depth = trie.Depth(node);
            var state = _path[depth + 1] = Step(_path[depth], trie.Label(node));
            if (ReferenceEquals(state, AutomatonState.Dead))
                _tokens.AddRange(trie.TokensBelow(node).Where(_vocabulary.StaysInString));
            node = ReferenceEquals(state, AutomatonState.Dead) || IsInAnyString(state) ? trie.End(node) : node + 1;
        }
    }

    private static bool IsInAnyString(AutomatonState state) => state.Frames.Any(frame => frame.Node is StringNode);

    private AutomatonState Step(AutomatonState state, byte value) => state[value] ??= Create(state, value);

    private AutomatonState Create(AutomatonState from, byte value)
    {
        StepFrames(from, value);
        if (_frames.Frames.Count == 0 && !_frames.HasEnd)
            return AutomatonState.Dead;

        Frame[] frames = [.. _frames.Frames.OrderBy(frame => frame.Id)];
        var ids = new FrameIds([.. frames.Select(frame => frame.Id)], _frames.HasEnd);
        if (!_states.TryGetValue(ids, out var state))
        {
            _states[ids] = state = new AutomatonState(frames, _frames.HasEnd);
            // Only at the end of the whole text: such as a number with all the digits it may have.
            state.IsFinal = state.CanEnd && !Enumerable.Range(0, 256).Any(next => CanStep(state, (byte)next));
        }

        return state;
    }

    private bool CanStep(AutomatonState state, byte value)
    {
        StepFrames(state, value);
        return _frames.Frames.Count > 0 || _frames.HasEnd;
    }

    private void StepFrames(AutomatonState from, byte value)
    {
        _frames.Clear();
        foreach (var frame in from.Frames)
        {
            frame.Node.Step(frame.Parent, frame.Place, value, _frames);
            if (frame.Parent is { } parent && frame.Node.CanEnd(frame.Place))
                parent.Node.Step(parent.Parent, parent.Place, value, _frames);
        }
    }

    private void ForgetIfLarge()
    {
        if (_maskCost + ((long)_states.Count * StateCost) + ((long)_frames.Known * FrameCost) < _memory)
            return;
        _states.Clear();
        _frames.Forget();
        _maskCost = 0;
        // The old one leads to all the others.
        _start = CreateStart();
    }

    private AutomatonState CreateStart() => new([_frames.FrameOf(null, _root, default)], hasEnd: false);
}
