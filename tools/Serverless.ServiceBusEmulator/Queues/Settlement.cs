namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>What a receiver decided about a message it holds.</summary>
internal sealed record Settlement(SettlementKind Kind)
{
    public static Settlement Complete { get; } = new(SettlementKind.Complete);

    public static Settlement Release { get; } = new(SettlementKind.Release);

    public IReadOnlyDictionary<string, object?>? PropertiesToModify { get; init; }

    public string? DeadLetterReason { get; init; }

    public string? DeadLetterDescription { get; init; }
}
