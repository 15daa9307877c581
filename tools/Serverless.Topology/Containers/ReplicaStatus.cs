namespace Serverless.Topology.Containers;

/// <summary>One replica in <see cref="ContainerStatus"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Starting, Ready, NotReady, Draining, Stopped or Crashed.</param>
/// <param name="Since">Since when it is in its state.</param>
/// <param name="Started">When it was started.</param>
/// <param name="FirstReady">When it was first ready; null if it never was.</param>
/// <param name="Ended">When its process had ended; null while it runs.</param>
/// <param name="InFlight">Requests that were sent to it and have not ended.</param>
/// <param name="ProcessId">Its process; null before it has one.</param>
/// <param name="Address">Where its requests go.</param>
/// <param name="Metrics">Where its metrics are.</param>
/// <param name="Remark">Why it is in its state, where there is more to say.</param>
public sealed record ReplicaStatus(
    string Name,
    string State,
    DateTimeOffset Since,
    DateTimeOffset Started,
    DateTimeOffset? FirstReady,
    DateTimeOffset? Ended,
    int InFlight,
    int? ProcessId,
    Uri Address,
    Uri Metrics,
    string? Remark);
