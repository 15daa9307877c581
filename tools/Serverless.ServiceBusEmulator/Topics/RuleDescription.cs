namespace Serverless.ServiceBusEmulator.Topics;

/// <summary>A rule as it is declared and kept; <see cref="Rule"/> is its compiled form.</summary>
internal sealed record RuleDescription
{
    public const string DefaultName = "$Default";

    public required string Name { get; init; }

    public RuleFilterKind Kind { get; init; } = RuleFilterKind.True;

    /// <summary>For a SQL filter.</summary>
    public string? SqlExpression { get; init; }

    public CorrelationFilter? Correlation { get; init; }

    /// <summary>What to change on the subscription's copy; null for nothing.</summary>
    public string? SqlAction { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
