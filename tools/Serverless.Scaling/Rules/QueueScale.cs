namespace Serverless.Scaling;

/// <summary>How one Service Bus queue wakes and scales the worker.</summary>
/// <param name="MessagesPerReplica">Waiting messages that one replica is meant for; at least 1.</param>
/// <param name="Activation">At zero replicas the first one starts when more messages than this wait.</param>
public sealed record QueueScale(int MessagesPerReplica, int Activation);
