namespace Serverless.Simulation;

/// <summary>The clock of a simulation: it stands still between events.</summary>
internal sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    /// <summary>Ticks since the start.</summary>
    public long Ticks { get; set; }

    public TimeSpan Now => TimeSpan.FromTicks(Ticks);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Ticks;

    public override DateTimeOffset GetUtcNow() => start.AddTicks(Ticks).ToUniversalTime();
}
