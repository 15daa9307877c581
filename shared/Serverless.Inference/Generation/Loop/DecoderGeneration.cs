using System.Diagnostics;
using System.Runtime.CompilerServices;
using Serverless.Inference.Execution;

namespace Serverless.Inference.Generation.Loop;

/// <summary>A request between its arrival and its end. What is not said to be read by others belongs to the loop.</summary>
internal sealed class DecoderGeneration : TextGeneration
{
    private readonly TimeProvider _time;
    private readonly PieceBuffer _pieces;
    private int _cachedTokens;
    private int _completionTokens;
    private long _queueTicks;
    private long _deviceTicks;
    private bool _isAbandoned;

    public DecoderGeneration(GenerationRequest request, GenerationTerms terms, TimeProvider time)
    {
        (Request, Prompt, MaxTokens, Terms, Cancellation) = (request, terms.Prompt, terms.MaxTokens, terms.Run, terms.Cancellation);
        _time = time;
        _pieces = new PieceBuffer(request.Choices);
        ArrivedAt = time.GetTimestamp();
        Unfinished = request.Choices;
    }

    public GenerationRequest Request { get; }

    public int[] Prompt { get; }

    /// <summary>The most tokens of each continuation, 1 at least.</summary>
    public int MaxTokens { get; }

    public RunTerms Terms { get; }

    public CancellationToken Cancellation { get; }

    public long ArrivedAt { get; }

    /// <summary>The span that it is a part of; null where it is not sampled.</summary>
    public Activity? Activity { get; } = Activity.Current is { Recorded: true } sampled ? sampled : null;

    /// <summary>The most tokens that one of its rows comes to.</summary>
    public int Longest => Prompt.Length + MaxTokens;

    /// <summary>The continuations once it was let in.</summary>
    public List<Continuation> Continuations { get; } = [];

    /// <summary>How many of them have not ended.</summary>
    public int Unfinished { get; set; }

    /// <summary>Whether nobody reads it any more.</summary>
    public bool IsCancelled => Volatile.Read(ref _isAbandoned) || Cancellation.IsCancellationRequested;

    public override TimeSpan Queue => new(Volatile.Read(ref _queueTicks));

    public override GenerationUsage Usage =>
        new(Prompt.Length, Volatile.Read(ref _cachedTokens), Volatile.Read(ref _completionTokens)) { Device = new TimeSpan(Volatile.Read(ref _deviceTicks)) };

    public override IAsyncEnumerable<GenerationPiece> ReadAllAsync() => ReadAsync(Cancellation);

    /// <summary>Says that it is let in.</summary>
    public void LetIn(int cachedTokens)
    {
        Volatile.Write(ref _queueTicks, Math.Max(1, _time.GetElapsedTime(ArrivedAt).Ticks));
        Volatile.Write(ref _cachedTokens, cachedTokens);
    }

    /// <summary>Adds its share of a step, or the time of a part of its prompt.</summary>
    public void Charge(TimeSpan device) => Volatile.Write(ref _deviceTicks, _deviceTicks + device.Ticks);

    /// <summary>Counts a token of a continuation.</summary>
    public void Count() => Volatile.Write(ref _completionTokens, _completionTokens + 1);

    /// <summary>Hands a piece to the reader.</summary>
    public void Add(int choice, ContinuationStep step)
    {
        _pieces.Add(choice, step.Text, step.Logprob, step.Finish);
        if (step.Finish is not null && --Unfinished == 0)
            _pieces.Complete(null);
    }

    /// <summary>Ends every continuation without a token.</summary>
    public void CompleteEmpty()
    {
        LetIn(0);
        for (var choice = 0; choice < Request.Choices; choice++)
            Add(choice, new ContinuationStep("", null, FinishReason.Length));
    }

    /// <summary>Ends it before its end.</summary>
    public void End(Exception reason) => _pieces.Complete(reason);

    private async IAsyncEnumerable<GenerationPiece> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var piece in _pieces.ReadAllAsync(cancellationToken))
                yield return piece;
        }
        finally
        {
            // Whoever stops reading half-way wants no more of it.
            Volatile.Write(ref _isAbandoned, true);
        }
    }
}
