using Microsoft.Azure.Amqp;

namespace Serverless.ServiceBusEmulator.Amqp;

/// <summary>Takes the tokens that clients present. Every token is good: whoever reaches the port may use the emulator.</summary>
internal sealed class CbsNode : RequestNode<object?>
{
    protected override Task<AmqpMessage> HandleAsync(AmqpMessage request, object? target)
    {
        var reply = AmqpMessage.Create();
        // Hyphenated here, camel case on $management.
        reply.ApplicationProperties.Map["status-code"] = 202;
        reply.ApplicationProperties.Map["status-description"] = "Accepted";
        return Task.FromResult(reply);
    }
}
