namespace Serverless.ServiceBusEmulator.Entities;

/// <summary>A refusal that the client is told about, with the condition that Azure uses for it.</summary>
internal sealed class BrokerException(BrokerError error, string message) : Exception(message)
{
    public BrokerError Error { get; } = error;
}
