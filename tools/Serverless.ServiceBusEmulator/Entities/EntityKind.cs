namespace Serverless.ServiceBusEmulator.Entities;

internal enum EntityKind
{
    Queue,
    Topic,
    Subscription,
}
