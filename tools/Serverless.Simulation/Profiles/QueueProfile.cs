namespace Serverless.Simulation;

/// <summary>What a replica does with the messages of a queue.</summary>
/// <param name="Places">Messages that it works on at once, 1 to 1,000. Default 16, the worker's <c>Jobs__RequestsAtOnce</c>.</param>
/// <param name="GoesOn">
/// Whether what is left of a message goes on as a new one when the replica is told to end, as a shard's lines do. Default false: it is worked on
/// until the drain time is over, and then begins anew elsewhere.
/// </param>
public sealed record QueueProfile(int Places = 16, bool GoesOn = false);
