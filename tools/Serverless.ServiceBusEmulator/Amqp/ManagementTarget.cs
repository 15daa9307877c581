using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Queues;

namespace Serverless.ServiceBusEmulator.Amqp;

/// <summary>What a management link is beside: an entity, or its dead letters.</summary>
internal sealed record ManagementTarget(Entity Entity, bool IsDeadLetter)
{
    public MessageQueue Queue => Entity.Browsable(IsDeadLetter);
}
