using Serverless.ContainerHost.Scaling;

namespace Serverless.ContainerHost.Status;

/// <summary>One change of the number of replicas in <see cref="StatusDocument"/>, with what was measured then.</summary>
internal sealed record DecisionDocument(
    DateTimeOffset At,
    int From,
    int To,
    string Reason,
    double Concurrency,
    int InFlight,
    IReadOnlyDictionary<string, long> Queues)
{
    public static DecisionDocument Of(ScaleDecision decision) => new(
        decision.At,
        decision.From,
        decision.To,
        decision.Reason,
        decision.Reading.HttpConcurrency,
        decision.Reading.HttpInFlight,
        decision.Reading.QueueMessages);
}
