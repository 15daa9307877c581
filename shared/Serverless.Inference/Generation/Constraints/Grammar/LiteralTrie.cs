namespace Serverless.Inference.Generation.Constraints.Grammar;

/// <summary>Fixed texts, to be read byte by byte. Node 0 is before the first byte.</summary>
internal sealed class LiteralTrie
{
    private const int None = -1;

    private readonly List<byte> _labels = [0];
    private readonly List<int> _children = [None];
    private readonly List<int> _siblings = [None];
    private readonly List<int> _texts = [None];
    private readonly List<List<int>>? _below;

    /// <param name="texts">Not empty ones; of equal ones the first counts.</param>
    /// <param name="tracksTexts">Whether <see cref="LeadsTo"/> will be asked.</param>
    public LiteralTrie(IEnumerable<byte[]> texts, bool tracksTexts)
    {
        _below = tracksTexts ? [[]] : null;
        var index = 0;
        foreach (var text in texts)
            Add(text, index++);
    }

    /// <summary>Where <paramref name="value"/> leads from <paramref name="node"/>; below 0 for nowhere.</summary>
    public int Find(int node, byte value)
    {
        var child = _children[node];
        while (child >= 0 && _labels[child] != value)
            child = _siblings[child];
        return child;
    }

    /// <summary>Which text ends at a node; below 0 for none.</summary>
    public int TextAt(int node) => _texts[node];

    /// <summary>Whether any text goes on from a node.</summary>
    public bool GoesOn(int node) => _children[node] >= 0;

    /// <summary>
    /// Whether any of the texts from <paramref name="first"/> to <paramref name="last"/> passes through a node or ends there.
    /// </summary>
    public bool LeadsTo(int node, int first, int last)
    {
        var texts = _below![node];
        var place = texts.BinarySearch(first);
        place = place < 0 ? ~place : place;
        return place < texts.Count && texts[place] <= last;
    }

    /// <summary>The states of a byte reader at every node, which is in <paramref name="first"/> at node 0.</summary>
    public byte[] StatesOf(byte first, Func<byte, byte, byte> step)
    {
        var states = new byte[_labels.Count];
        states[0] = first;
        // A child's number is above its parent's.
        for (var node = 0; node < states.Length; node++)
        {
            for (var child = _children[node]; child >= 0; child = _siblings[child])
                states[child] = step(states[node], _labels[child]);
        }

        return states;
    }

    private void Add(byte[] text, int index)
    {
        var node = 0;
        _below?[node].Add(index);
        foreach (var value in text)
        {
            var child = Find(node, value);
            node = child >= 0 ? child : AddChild(node, value);
            _below?[node].Add(index);
        }

        if (_texts[node] < 0)
            _texts[node] = index;
    }

    private int AddChild(int node, byte value)
    {
        var child = _labels.Count;
        _labels.Add(value);
        _children.Add(None);
        _siblings.Add(_children[node]);
        _texts.Add(None);
        _below?.Add([]);
        _children[node] = child;
        return child;
    }
}
