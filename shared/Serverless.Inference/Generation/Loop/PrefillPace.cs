namespace Serverless.Inference.Generation.Loop;

/// <summary>
/// How many tokens of a prompt go in between two steps, so that those who wait for tokens are held up by no more than they can bear.
/// Learns what chunks and steps take from those that ran.
/// </summary>
internal sealed class PrefillPace(GenerationOptions options, int longestChunk)
{
    // Large chunks run better than in proportion: what they take says nothing of the small ones that are chosen beside running texts.
    private const int LongestLearned = 64;

    private const double Weight = 0.1;
    private const double StepWeight = 0.2;

    private readonly double[] _steps = new double[options.MaxRows + 1];
    private double _tokens;
    private double _time;
    private double _tokensSquared;
    private double _tokensTime;
    private int _known;

    /// <summary>How many tokens go in next.</summary>
    /// <param name="rows">Texts that run.</param>
    /// <param name="waiting">Requests that have no token yet.</param>
    public int Next(int rows, int waiting)
    {
        if (rows == 0)
            return longestChunk;
        var step = _steps[rows] > 0 ? _steps[rows] : _steps.Max();
        if (step == 0 || _known == 0)
            return Math.Clamp(2 * options.MinChunk, options.MinChunk, longestChunk);
        // A hold-up that lets in more than it holds up shortens the wait of all.
        var budget = step * options.ChunkSteps * Math.Max(1, (double)waiting / rows);
        var (fixedTime, perToken) = Cost();
        var chunk = (budget - fixedTime) / perToken;
        return (int)Math.Clamp(chunk, Math.Min(options.MinChunk, longestChunk), longestChunk);
    }

    /// <summary>Says what a chunk took.</summary>
    public void Chunk(int tokens, TimeSpan time)
    {
        if (tokens > LongestLearned)
            return;
        var seconds = time.TotalSeconds;
        if (_known++ == 0)
        {
            (_tokens, _time, _tokensSquared, _tokensTime) = (tokens, seconds, (double)tokens * tokens, tokens * seconds);
            return;
        }

        // A chunk that took many times as long was mostly not running.
        seconds = Math.Min(seconds, 3 * _time * Math.Max(1, tokens / _tokens));
        _tokens += (tokens - _tokens) * Weight;
        _time += (seconds - _time) * Weight;
        _tokensSquared += (((double)tokens * tokens) - _tokensSquared) * Weight;
        _tokensTime += ((tokens * seconds) - _tokensTime) * Weight;
    }

    /// <summary>Says what a step took.</summary>
    public void Step(int rows, TimeSpan time)
    {
        var known = _steps[rows];
        var seconds = time.TotalSeconds;
        _steps[rows] = known == 0 ? seconds : known + ((Math.Min(seconds, 3 * known) - known) * StepWeight);
    }

    // A line through what was seen; where all chunks were alike, in proportion.
    private (double Fixed, double PerToken) Cost()
    {
        var variance = _tokensSquared - (_tokens * _tokens);
        var slope = variance > _tokens * 0.1 ? (_tokensTime - (_tokens * _time)) / variance : 0;
        var proportional = _time / _tokens;
        // Between half free and all in proportion: anything else is noise.
        slope = slope <= 0 ? proportional : Math.Clamp(slope, proportional / 4, proportional);
        return (_time - (slope * _tokens), slope);
    }
}
