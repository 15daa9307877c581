namespace Serverless.Inference.Generation.Text;

/// <summary>How much of one stop text the characters so far end with (Knuth, Morris and Pratt's automaton).</summary>
internal sealed class StopMatch
{
    private readonly string _stop;
    // For each length matched, the longest shorter one that its end also matches.
    private readonly int[] _shorter;

    public StopMatch(string stop)
    {
        _stop = stop;
        _shorter = new int[stop.Length + 1];
        for (var length = 2; length <= stop.Length; length++)
        {
            Length = _shorter[length - 1];
            Append(stop[length - 1]);
            _shorter[length] = Length;
        }

        Length = 0;
    }

    /// <summary>How many of its characters are matched.</summary>
    public int Length { get; private set; }

    public bool IsComplete => Length == _stop.Length;

    public void Append(char character)
    {
        while (Length > 0 && (IsComplete || _stop[Length] != character))
            Length = _shorter[Length];
        if (_stop[Length] == character)
            Length++;
    }
}
