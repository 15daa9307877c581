namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>Takes messages away as they become active: automatic forwarding, and a topic's fan-out.</summary>
internal interface IDiversion
{
    /// <summary>Called on the queue's loop. It must end in <see cref="MessageQueue.ForgetDiverted"/> or a dead letter.</summary>
    void Take(MessageQueue source, QueuedMessage message);
}
