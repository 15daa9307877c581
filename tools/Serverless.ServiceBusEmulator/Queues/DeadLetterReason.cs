namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>The reasons that the broker itself gives, in Azure's words.</summary>
internal static class DeadLetterReason
{
    public const string ReasonProperty = "DeadLetterReason";
    public const string DescriptionProperty = "DeadLetterErrorDescription";

    public const string MaxDeliveryCountExceeded = "MaxDeliveryCountExceeded";
    public const string Expired = "TTLExpiredException";
    public const string ExpiredDescription = "The message expired and was dead lettered.";
    public const string MaxHopCountExceeded = "MaxTransferHopCountExceeded";
    public const string TransferFailed = "MessageTransferFailed";
    public const string NoSession = "Session ID is null.";
}
