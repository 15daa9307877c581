using Serverless.Inference.Generation.Memory;

namespace Serverless.Inference.Tests.Onnx.Decoding;

/// <summary>Texts that join and leave a decoder at random, with the logits that each was given.</summary>
internal sealed class RandomTraffic(IDecoder decoder, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<Text> _running = [];

    /// <summary>All texts that there were.</summary>
    public List<Text> Texts { get; } = [];

    /// <summary>How many rows there were at most.</summary>
    public int MostRows { get; private set; }

    public void Run(int steps, int maxRows)
    {
        for (var step = 0; step < steps; step++)
        {
            while (_running.Count < maxRows && _random.Next(3) == 0)
                Join();
            if (_running.Count > 0 && _random.Next(4) == 0)
                Leave(_running[_random.Next(_running.Count)]);
            Step();
        }

        while (_running.Count > 0)
            Leave(_running[^1]);
    }

    private void Join()
    {
        var prompt = Enumerable.Range(0, _random.Next(1, 60)).Select(_ => _random.Next(256)).ToArray();
        var longest = Math.Max(prompt.Length + 40, _running.Select(other => other.Prompt.Length + 40).DefaultIfEmpty().Max());
        decoder.Reserve(_running.Count + 1, longest);
        var text = new Text(prompt, decoder.Begin());
        // Steps of others go on while a prompt is going in.
        for (var at = 0; at < prompt.Length;)
        {
            var count = Math.Min(_random.Next(1, 40), prompt.Length - at);
            decoder.Prefill(text.Row, prompt.AsSpan(at, count));
            at += count;
            text.Chunks.Add(count);
            if (at < prompt.Length)
                Step();
        }

        text.Chunked = decoder.LogitsOf(text.Row).ToArray();
        decoder.Start(text.Row);
        text.Next(_random.Next(256));
        _running.Add(text);
        Texts.Add(text);
        MostRows = Math.Max(MostRows, _running.Count);
    }

    private void Leave(Text text)
    {
        _running.Remove(text);
        decoder.End(text.Row);
    }

    private void Step()
    {
        foreach (var ended in _running.Where(text => text.Logits.Count == 39).ToList())
            Leave(ended);
        decoder.Step();
        foreach (var text in _running)
        {
            Assert.Null(text.Row.Failure);
            text.Logits.Add(decoder.LogitsOf(text.Row).ToArray());
            text.Next(_random.Next(256));
        }
    }

    internal sealed class Text(int[] prompt, DecoderRow row)
    {
        public int[] Prompt => prompt;

        public DecoderRow Row => row;

        public List<int> Tokens { get; } = [];

        /// <summary>How many tokens of the prompt went in at once.</summary>
        public List<int> Chunks { get; } = [];

        /// <summary>Logits after the prompt, which went in in chunks.</summary>
        public float[] Chunked { get; set; } = [];

        /// <summary>Logits after each of the tokens.</summary>
        public List<float[]> Logits { get; } = [];

        public void Next(int token)
        {
            row.Token = token;
            Tokens.Add(token);
        }
    }
}
