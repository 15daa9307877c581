using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;

namespace Serverless.ServiceBusEmulator.Entities;

/// <summary>The one table from an error to its AMQP condition and its status code in management replies.</summary>
internal static class BrokerErrors
{
    public static AmqpSymbol Condition(this BrokerError error) => error switch
    {
        BrokerError.EntityNotFound => AmqpErrorCode.NotFound,
        BrokerError.EntityAlreadyExists => "com.microsoft:entity-already-exists",
        BrokerError.EntityDisabled => "com.microsoft:entity-disabled",
        BrokerError.MessageNotFound => "com.microsoft:message-not-found",
        BrokerError.MessageLockLost => "com.microsoft:message-lock-lost",
        BrokerError.SessionLockLost => "com.microsoft:session-lock-lost",
        BrokerError.SessionCannotBeLocked => "com.microsoft:session-cannot-be-locked",
        BrokerError.MessageSizeExceeded => AmqpErrorCode.MessageSizeExceeded,
        BrokerError.QuotaExceeded => AmqpErrorCode.ResourceLimitExceeded,
        BrokerError.Timeout => "com.microsoft:timeout",
        BrokerError.InvalidArgument => "com.microsoft:argument-error",
        BrokerError.NotAllowed => AmqpErrorCode.NotAllowed,
        BrokerError.NotSupported => AmqpErrorCode.NotImplemented,
        BrokerError.Malformed => AmqpErrorCode.DecodeError,
        BrokerError.TransactionUnknown => AmqpErrorCode.TransactionUnknownId,
        _ => AmqpErrorCode.InternalError,
    };

    public static int StatusCode(this BrokerError error) => error switch
    {
        BrokerError.EntityNotFound or BrokerError.MessageNotFound => 404,
        BrokerError.EntityAlreadyExists => 409,
        BrokerError.MessageLockLost or BrokerError.SessionLockLost or BrokerError.SessionCannotBeLocked => 410,
        BrokerError.MessageSizeExceeded or BrokerError.QuotaExceeded => 403,
        BrokerError.Timeout => 408,
        BrokerError.NotSupported => 501,
        BrokerError.Internal => 500,
        _ => 400,
    };

    public static AmqpException ToAmqp(this BrokerException exception) =>
        new(exception.Error.Condition(), exception.Message);
}
