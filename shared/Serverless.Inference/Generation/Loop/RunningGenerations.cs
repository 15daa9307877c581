using Serverless.Contracts.Errors;
using Serverless.Inference.Accounting;
using Serverless.Inference.Generation.Memory;
using Serverless.Inference.Generation.Sampling;

namespace Serverless.Inference.Generation.Loop;

/// <summary>What runs on a decoder: at most one prompt that goes in, and the continuations that each step adds a token to.</summary>
internal sealed class RunningGenerations : IDisposable
{
    private readonly GenerationContext _context;
    private readonly IDecoder _decoder;
    private readonly PrefixCache _prefixes;
    private readonly PrefillPace _pace;
    private readonly List<Continuation> _continuations = [];
    private readonly List<Continuation> _leaving = [];
    private readonly float[] _logits;
    private readonly Action<int> _chooseAhead;
    private Prefilling? _prefilling;

    public RunningGenerations(GenerationContext context, IDecoder decoder, PrefixCache prefixes)
    {
        (_context, _decoder, _prefixes) = (context, decoder, prefixes);
        _pace = new PrefillPace(context.Options, decoder.LongestChunk);
        _logits = new float[context.Vocabulary.Size];
        _chooseAhead = ChooseAhead;
    }

    /// <summary>Whether nothing runs.</summary>
    public bool IsIdle => _prefilling is null && _continuations.Count == 0;

    /// <summary>Whether a prompt is going in: the next waits for it.</summary>
    public bool IsPrefilling => _prefilling is not null;

    /// <summary>Whether there is a row and memory for all that <paramref name="generation"/> may come to.</summary>
    public bool HasRoom(DecoderGeneration generation) => Room(generation) is var (rows, longest) && _decoder.Fits(rows, longest);

    /// <summary>Lets a request in that there is room for.</summary>
    public void LetIn(DecoderGeneration generation)
    {
        var (rows, longest) = Room(generation);
        DecoderRow? row = null;
        try
        {
            _decoder.Reserve(rows, longest);
            row = _decoder.Begin();
            var blocks = _prefixes.Find(generation.Terms.Tenant ?? "", generation.Prompt);
            _decoder.Load(row, blocks);
            generation.LetIn(row.Length);
            _context.Meter.LetIn(generation, _prefixes.IsOn);
            _prefilling = new Prefilling(generation, row);
        }
        catch (OutOfMemoryException error)
        {
            if (row is not null)
                _decoder.End(row);
            Fail(generation, new InferenceException(ErrorKind.Internal, "The worker ran out of memory.", inner: error));
        }
    }

    /// <summary>One chunk of a prompt and one step.</summary>
    /// <param name="waiting">Requests that could not be let in yet.</param>
    public void Advance(int waiting)
    {
        DropCancelled();
        if (_prefilling is { } prefilling)
            Prefill(prefilling, waiting);
        if (_continuations.Count > 0)
            Step();
        _context.Meter.Running(_continuations.Count, UsedTokens() * _decoder.Shape.TokenBytes, _prefixes.Bytes);
    }

    /// <summary>Ends all that runs.</summary>
    public void FailAll(InferenceException error)
    {
        if (_prefilling is { } prefilling)
            EndPrefilling(prefilling, error);
        while (_continuations.Count > 0)
            Fail(_continuations[^1].Owner, error);
    }

    public void Dispose()
    {
        _prefixes.Dispose();
        _decoder.Dispose();
        _context.Meter.Running(0, 0, 0);
    }

    private (int Rows, int Longest) Room(DecoderGeneration generation)
    {
        var (rows, longest) = (generation.Request.Choices, generation.Longest);
        foreach (var continuation in _continuations)
            (rows, longest) = (rows + 1, Math.Max(longest, continuation.Owner.Longest));
        return (rows, longest);
    }

    private long UsedTokens()
    {
        var tokens = (long)(_prefilling?.Row.Length ?? 0);
        foreach (var continuation in _continuations)
            tokens += continuation.Row.Length;
        return tokens;
    }

    private void DropCancelled()
    {
        if (_prefilling is { } prefilling && _context.FindEnd(prefilling.Generation) is { } end)
            EndPrefilling(prefilling, end);
        for (var i = _continuations.Count - 1; i >= 0; i--)
        {
            // Ending one of a request's continuations ends the others too, wherever they are.
            if (i < _continuations.Count && _context.FindEnd(_continuations[i].Owner) is { } reason)
                Fail(_continuations[i].Owner, reason);
        }
    }

    private void Prefill(Prefilling prefilling, int waiting)
    {
        var (generation, row) = (prefilling.Generation, prefilling.Row);
        // For those who find no row, it does not matter how soon this one has its first token.
        var others = Math.Min(waiting, _context.Options.MaxRows - _continuations.Count - generation.Request.Choices);
        var count = Math.Min(_pace.Next(_continuations.Count, 1 + others), generation.Prompt.Length - row.Length);
        var started = _context.Time.GetTimestamp();
        try
        {
            _decoder.Prefill(row, generation.Prompt.AsSpan(row.Length, count));
            var took = _context.Time.GetElapsedTime(started);
            _pace.Chunk(count, took);
            Charge(generation, took);
            prefilling.Kept = _prefixes.Store(
                generation.Terms.Tenant ?? "", generation.Prompt.AsMemory(0, row.Length), _decoder.Locate(row), prefilling.Kept);
            if (row.Length == generation.Prompt.Length)
                Begin(prefilling);
        }
        catch (InferenceException error)
        {
            EndPrefilling(prefilling, error);
        }
    }

    private void Charge(DecoderGeneration generation, TimeSpan device)
    {
        generation.Charge(device);
        _context.Meter.AccountOf(generation.Terms.Tenant).Add(device);
    }

    // A step takes as long for all of its rows together as for one of them: they share it alike.
    private void ChargeStep(TimeSpan step)
    {
        var shares = new Shares(step.Ticks, _continuations.Count);
        foreach (var continuation in _continuations)
            Charge(continuation.Owner, new TimeSpan(shares.Next(1)));
    }

    private void Begin(Prefilling prefilling)
    {
        _prefilling = null;
        var (generation, row) = (prefilling.Generation, prefilling.Row);
        var seed = generation.Request.Sampling.Seed ?? Random.Shared.NextInt64();
        _decoder.Start(row);
        for (var choice = 0; choice < generation.Request.Choices; choice++)
        {
            var own = choice == 0 ? row : _decoder.Fork(row);
            var continuation = new Continuation(generation, choice, own, seed, _context.Vocabulary) { Kept = prefilling.Kept };
            generation.Continuations.Add(continuation);
            _continuations.Add(continuation);
        }

        var logits = _decoder.LogitsOf(row)[.._logits.Length];
        if (generation.Request.Choices > 1)
            logits.CopyTo(_logits);
        foreach (var continuation in generation.Continuations)
        {
            if (continuation.Choice > 0)
                _logits.CopyTo(logits);
            Next(continuation, logits);
        }

        Leave();
    }

    private void Step()
    {
        var started = _context.Time.GetTimestamp();
        _decoder.Step();
        var took = _context.Time.GetElapsedTime(started);
        _pace.Step(_continuations.Count, took);
        ChargeStep(took);
        RowsAtOnce.Run(_continuations.Count, _chooseAhead);
        foreach (var continuation in _continuations)
        {
            if (continuation.Row.Failure is null)
                Next(continuation, _decoder.LogitsOf(continuation.Row));
        }

        Leave();
    }

    private void ChooseAhead(int index)
    {
        if (_continuations[index] is { Row.Failure: null } continuation)
            continuation.ChooseAhead(_decoder.LogitsOf(continuation.Row));
    }

    private void Next(Continuation continuation, Span<float> logits)
    {
        var generation = continuation.Owner;
        try
        {
            var step = continuation.Next(logits);
            _context.Meter.Token(continuation);
            if (step.Finish is { } finish)
            {
                _leaving.Add(continuation);
                _context.Meter.Finished(finish);
                // Before its reader hears of the end, and ends the span whose exemplar this is.
                if (generation.Unfinished == 1)
                    _context.Meter.Completed(generation);
            }

            generation.Add(continuation.Choice, step);
        }
#pragma warning disable CA1031 // Whatever goes wrong about one text, the others go on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            continuation.Row.Failure = error as InferenceException
                ?? new InferenceException(ErrorKind.Internal, "The text could not be continued.", inner: error);
        }
    }

    // Those that ended by themselves, whose keys and values are kept for what may follow on their text, and those that failed.
    private void Leave()
    {
        foreach (var continuation in _leaving)
        {
            if (!_continuations.Remove(continuation))
                continue;
            continuation.Keep(_prefixes, _decoder);
            _decoder.End(continuation.Row);
        }

        _leaving.Clear();
        for (var i = _continuations.Count - 1; i >= 0; i--)
        {
            if (i < _continuations.Count && _continuations[i].Row.Failure is { } failure)
                Fail(_continuations[i].Owner, failure);
        }
    }

    private void EndPrefilling(Prefilling prefilling, Exception reason)
    {
        if (_prefilling == prefilling)
        {
            _prefilling = null;
            _decoder.End(prefilling.Row);
        }

        Fail(prefilling.Generation, reason);
    }

    private void Fail(DecoderGeneration generation, Exception reason)
    {
        for (var i = _continuations.Count - 1; i >= 0; i--)
        {
            if (_continuations[i].Owner != generation)
                continue;
            _decoder.End(_continuations[i].Row);
            _continuations.RemoveAt(i);
        }

        _context.End(generation, reason);
    }
}
