namespace Serverless.Topology.Containers;

/// <summary>One change of the number of replicas in <see cref="ContainerStatus"/>, with what was measured then.</summary>
/// <param name="At">When.</param>
/// <param name="From">How many were wanted before.</param>
/// <param name="To">How many are wanted from then on.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Concurrency">What the HTTP rule scales by.</param>
/// <param name="InFlight">Requests that were held or being answered.</param>
/// <param name="Queues">Active messages by queue.</param>
public sealed record DecisionStatus(
    DateTimeOffset At,
    int From,
    int To,
    string Reason,
    double Concurrency,
    int InFlight,
    IReadOnlyDictionary<string, long> Queues);
