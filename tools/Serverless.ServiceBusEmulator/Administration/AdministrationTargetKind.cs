namespace Serverless.ServiceBusEmulator.Administration;

internal enum AdministrationTargetKind
{
    Health,
    Metrics,
    Namespace,
    Queues,
    Topics,
    Entity,
    Subscriptions,
    Rules,
    Rule,
}
