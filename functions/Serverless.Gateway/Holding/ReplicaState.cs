using Microsoft.Extensions.Options;

namespace Serverless.Gateway.Holding;

/// <summary>Whether a replica of the worker answered lately: then a request is sent as it comes, otherwise one has to be woken first.</summary>
internal sealed class ReplicaState(TimeProvider time, IOptions<HoldingOptions> options)
{
    private const long Never = long.MinValue;

    private readonly TimeSpan _warmFor = options.Value.WarmFor;
    private long _answered = Never;

    public bool IsWarm => Volatile.Read(ref _answered) is var answered and not Never && time.GetElapsedTime(answered) < _warmFor;

    /// <summary>A replica answered just now.</summary>
    public void Answered() => Volatile.Write(ref _answered, time.GetTimestamp());

    /// <summary>A request was lost: maybe no replica is there any more.</summary>
    public void Lost() => Volatile.Write(ref _answered, Never);
}
