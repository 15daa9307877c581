namespace Serverless.ServiceBusEmulator.Entities;

/// <summary>The closed list of what can go wrong for a client; <see cref="BrokerErrors"/> maps it to the wire.</summary>
internal enum BrokerError
{
    EntityNotFound,
    EntityAlreadyExists,
    EntityDisabled,
    MessageNotFound,
    MessageLockLost,
    SessionLockLost,
    SessionCannotBeLocked,
    MessageSizeExceeded,
    QuotaExceeded,
    Timeout,
    InvalidArgument,
    NotAllowed,
    NotSupported,
    Malformed,
    TransactionUnknown,
    Internal,
}
