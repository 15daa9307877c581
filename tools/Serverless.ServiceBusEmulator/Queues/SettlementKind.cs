namespace Serverless.ServiceBusEmulator.Queues;

internal enum SettlementKind
{
    Complete,
    Abandon,
    Defer,
    DeadLetter,

    /// <summary>The client had no use for it: it goes back as if it had not been delivered.</summary>
    Release,
}
