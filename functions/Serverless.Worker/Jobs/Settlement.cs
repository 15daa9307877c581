namespace Serverless.Worker.Jobs;

/// <summary>What is to become of a message.</summary>
/// <param name="Kind">Which settlement.</param>
/// <param name="Outcome">In a word, for metrics and logs.</param>
/// <param name="Reason">The dead-letter reason.</param>
/// <param name="Description">What a person is told about it.</param>
internal sealed record Settlement(SettlementKind Kind, string Outcome, string? Reason = null, string? Description = null)
{
    public static Settlement Complete(string outcome) => new(SettlementKind.Complete, outcome);

    public static Settlement Abandon(string outcome) => new(SettlementKind.Abandon, outcome);

    public static Settlement Leave(string outcome) => new(SettlementKind.Leave, outcome);

    public static Settlement DeadLetter(string reason, string description) =>
        new(SettlementKind.DeadLetter, "dead_lettered", reason, description);
}
