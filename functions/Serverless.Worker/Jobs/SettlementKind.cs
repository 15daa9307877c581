namespace Serverless.Worker.Jobs;

/// <summary>How a message is settled.</summary>
internal enum SettlementKind
{
    /// <summary>It is done with.</summary>
    Complete,

    /// <summary>It is delivered again.</summary>
    Abandon,

    /// <summary>It goes to the dead letters.</summary>
    DeadLetter,

    /// <summary>Nothing can be done: the lock is lost, and with it the message.</summary>
    Leave,
}
