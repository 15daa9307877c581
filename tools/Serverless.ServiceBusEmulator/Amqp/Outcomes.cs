using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Queues;

namespace Serverless.ServiceBusEmulator.Amqp;

/// <summary>AMQP outcomes as settlements, and the answer to each.</summary>
internal static class Outcomes
{
    public static Settlement Read(DeliveryState state) => state switch
    {
        Accepted => Settlement.Complete,
        Released => Settlement.Release,
        Modified { UndeliverableHere: true } modified => new Settlement(SettlementKind.Defer)
        {
            PropertiesToModify = Read(modified.MessageAnnotations),
        },
        Modified modified => new Settlement(SettlementKind.Abandon) { PropertiesToModify = Read(modified.MessageAnnotations) },
        Rejected rejected => Read(rejected),
        _ => throw new BrokerException(BrokerError.InvalidArgument, "The delivery state is not an outcome."),
    };

    /// <summary>A rejection is confirmed bare: with an error the clients take it for a failure.</summary>
    public static Outcome Confirm(SettlementKind kind) => kind switch
    {
        SettlementKind.Complete => AmqpConstants.AcceptedOutcome,
        SettlementKind.Release => AmqpConstants.ReleasedOutcome,
        SettlementKind.DeadLetter => new Rejected(),
        SettlementKind.Defer => new Modified { UndeliverableHere = true },
        _ => new Modified(),
    };

    private static Settlement Read(Rejected rejected)
    {
        var properties = Read(rejected.Error?.Info) ?? [];
        properties.Remove(DeadLetterReason.ReasonProperty, out var reason);
        properties.Remove(DeadLetterReason.DescriptionProperty, out var description);
        return new Settlement(SettlementKind.DeadLetter)
        {
            PropertiesToModify = properties,
            DeadLetterReason = reason as string,
            DeadLetterDescription = description as string,
        };
    }

    private static Dictionary<string, object?>? Read(Fields? fields) =>
        fields?.ToDictionary(field => field.Key.Key.ToString()!, field => (object?)field.Value);
}
