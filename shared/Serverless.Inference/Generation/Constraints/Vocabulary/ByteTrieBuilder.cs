namespace Serverless.Inference.Generation.Constraints.Vocabulary;

/// <summary>Writes a <see cref="ByteTrie"/> from texts in ascending order.</summary>
internal sealed class ByteTrieBuilder
{
    private readonly List<byte> _labels = [];
    private readonly List<int> _depths = [];
    private readonly List<int> _ends = [];
    private readonly List<int> _firstTexts = [];
    private readonly List<int> _path = [];
    private int _texts;

    /// <summary>Adds a text that is not empty and not below the one before it.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        var common = 0;
        while (common < _path.Count && common < text.Length && _labels[_path[common]] == text[common])
            common++;
        Close(common);
        for (var depth = common; depth < text.Length; depth++)
        {
            _path.Add(_labels.Count);
            _labels.Add(text[depth]);
            _depths.Add(depth);
            _ends.Add(0);
            // Texts are in order: those of a node come right after it is opened, before any node below it.
            _firstTexts.Add(_texts);
        }

        _texts++;
    }

    public (byte[] Labels, int[] Depths, int[] Ends, int[] FirstTexts) Build()
    {
        Close(0);
        return ([.. _labels], [.. _depths], [.. _ends], [.. _firstTexts, _texts]);
    }

    private void Close(int depth)
    {
        for (var open = _path.Count - 1; open >= depth; open--)
            _ends[_path[open]] = _labels.Count;
        _path.RemoveRange(depth, _path.Count - depth);
    }
}
