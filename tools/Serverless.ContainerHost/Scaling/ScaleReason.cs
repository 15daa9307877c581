using System.Globalization;
using Serverless.Scaling;

namespace Serverless.ContainerHost.Scaling;

/// <summary>Says why the number of replicas changed.</summary>
internal static class ScaleReason
{
    public static string Of(ScaleReading reading, WorkerScale rules, int from, int to) =>
        (from, to) switch
        {
            (_, 0) => "nothing was asked for the time of the cool-down",
            (0, _) when reading.HttpInFlight > 0 => "a request is held",
            _ => string.Join("; ", Proposals(reading, rules)) + (to == rules.MaxReplicas ? $"; at most {to}" : ""),
        };

    private static IEnumerable<string> Proposals(ScaleReading reading, WorkerScale rules)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"http {reading.HttpConcurrency:0.#} / {rules.HttpConcurrency}");
        foreach (var (name, queue) in rules.Queues)
        {
            var messages = reading.QueueMessages.GetValueOrDefault(name);
            yield return string.Create(CultureInfo.InvariantCulture, $"{name} {messages} / {queue.MessagesPerReplica}");
        }
    }
}
