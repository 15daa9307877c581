namespace Serverless.Inference.Generation.Sampling;

/// <summary>
/// What is added to and taken from single logits: bias, then the repetition penalty, then those of frequency and presence. Touches the
/// tokens concerned only, never the whole vocabulary.
/// </summary>
internal sealed class TokenAdjustments
{
    private readonly SamplingOptions _options;
    private readonly KeyValuePair<int, float>[] _bias;
    private readonly List<int> _seen = [];
    private readonly HashSet<int> _isSeen = [];
    private readonly List<int> _written = [];
    private readonly List<int> _counts = [];
    private readonly Dictionary<int, int> _places = [];

    public TokenAdjustments(SamplingOptions options, IReadOnlyList<int> prompt)
    {
        _options = options;
        _bias = [.. options.LogitBias];
        if (Repeats)
        {
            foreach (var token in prompt)
                See(token);
        }
    }

    private bool Repeats => _options.RepetitionPenalty != 1;

    private bool Counts => _options.FrequencyPenalty != 0 || _options.PresencePenalty != 0;

    /// <summary>Adjusts the logits of the next token.</summary>
    public void Apply(Span<float> logits)
    {
        foreach (var (token, bias) in _bias)
        {
            if ((uint)token < (uint)logits.Length)
                logits[token] += bias;
        }

        PenaliseRepetition(logits);
        PenaliseWritten(logits);
    }

    /// <summary>Notes that <paramref name="token"/> is part of the text now.</summary>
    public void Add(int token)
    {
        if (Repeats)
            See(token);
        if (!Counts)
            return;
        if (_places.TryAdd(token, _written.Count))
        {
            _written.Add(token);
            _counts.Add(1);
        }
        else
        {
            _counts[_places[token]]++;
        }
    }

    private void PenaliseRepetition(Span<float> logits)
    {
        var penalty = _options.RepetitionPenalty;
        foreach (var token in _seen)
        {
            if ((uint)token < (uint)logits.Length)
                logits[token] = logits[token] > 0 ? logits[token] / penalty : logits[token] * penalty;
        }
    }

    private void PenaliseWritten(Span<float> logits)
    {
        for (var place = 0; place < _written.Count; place++)
        {
            var token = _written[place];
            if ((uint)token < (uint)logits.Length)
                logits[token] -= (_options.FrequencyPenalty * _counts[place]) + _options.PresencePenalty;
        }
    }

    private void See(int token)
    {
        if (_isSeen.Add(token))
            _seen.Add(token);
    }
}
