using Serverless.Contracts.Errors;

namespace Serverless.Inference.Generation.Loop;

/// <summary>
/// One model's requests and the thread that serves them all. Between two steps those that ended leave and those that wait join, as far as
/// there is memory for all that they may come to. The lock is held for handing requests over and never while the model runs.
/// </summary>
internal sealed class GenerationLoop : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly GenerationContext _context;
    private readonly RunningGenerations _running;
    private readonly WaitingGenerations _waiting;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closing;

    public GenerationLoop(GenerationContext context, RunningGenerations running)
    {
        (_context, _running) = (context, running);
        _waiting = new WaitingGenerations(context.Time);
        new Thread(Run) { IsBackground = true, Name = $"decoder {context.Model}" }.Start();
    }

    /// <summary>Completes when the thread has ended and the memory is free.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Refuses at once what would be refused after its body was read.</summary>
    /// <exception cref="InferenceException">The queue is full.</exception>
    public void ThrowIfFull()
    {
        lock (_gate)
        {
            if (_waiting.Count >= _context.Options.QueueLimit)
                throw Full();
        }
    }

    /// <exception cref="InferenceException">The queue is full, or the model is going.</exception>
    public void Enqueue(DecoderGeneration generation)
    {
        DecoderGeneration? victim = null;
        lock (_gate)
        {
            if (_closing)
                throw Gone();
            if (_waiting.Count >= _context.Options.QueueLimit)
                victim = _waiting.TakeVictim(generation) ?? throw Full();
            _waiting.Add(generation);
            _context.Meter.Waiting(_waiting.Count);
            Monitor.Pulse(_gate);
        }

        if (victim is not null)
            _context.End(victim, Full());
    }

    /// <summary>Ends what runs and what waits, and then the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closing = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        var gone = new List<DecoderGeneration>();
        while (TryTurn(gone, out var waiting))
        {
            foreach (var generation in gone)
                _context.End(generation, _context.FindEnd(generation)!);
            gone.Clear();
            Advance(waiting);
        }

        _running.FailAll(Gone());
        foreach (var generation in gone)
            _context.End(generation, Gone());
        _running.Dispose();
        _ended.SetResult();
    }

    private void Advance(int waiting)
    {
        try
        {
            _running.Advance(waiting);
        }
#pragma warning disable CA1031 // An exception here would end the process.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _running.FailAll(new InferenceException(ErrorKind.Internal, "The model failed while it ran.", inner: error));
        }
    }

    // False ends the loop, with those that waited in gone.
    private bool TryTurn(List<DecoderGeneration> gone, out int waiting)
    {
        lock (_gate)
        {
            while (!_closing && _waiting.Count == 0 && _running.IsIdle)
                Monitor.Wait(_gate);
            _waiting.RemoveAll(generation => _closing || _context.FindEnd(generation) is not null, gone);
            LetIn();
            waiting = _waiting.Count;
            _context.Meter.Waiting(waiting);
            return !_closing;
        }
    }

    private void LetIn()
    {
        // Whoever has not enough room is not overtaken by those who need less, or would wait for ever.
        while (!_running.IsPrefilling && _waiting.Peek() is { } next && _running.HasRoom(next))
        {
            _waiting.Take(next);
            _running.LetIn(next);
        }
    }

    private InferenceException Full() => new(new InferenceError(
        ErrorKind.Overloaded,
        $"The queue of model {_context.Model} is full ({_context.Options.QueueLimit} requests); retry later.",
        RetryAfter: RetryAfter));

    private InferenceException Gone() => new(new InferenceError(
        ErrorKind.ModelUnavailable, $"Model {_context.Model} was unloaded before the text was finished.", "model", RetryAfter));
}
