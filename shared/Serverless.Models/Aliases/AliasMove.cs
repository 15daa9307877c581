namespace Serverless.Models.Aliases;

/// <summary>One move of an alias.</summary>
/// <param name="Version">The version it went to.</param>
/// <param name="At">When.</param>
/// <param name="IsRollback">Whether it went back to where it had been before.</param>
public sealed record AliasMove(int Version, DateTimeOffset At, bool IsRollback = false);
