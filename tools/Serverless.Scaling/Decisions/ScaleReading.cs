namespace Serverless.Scaling;

/// <summary>What was measured when it is decided.</summary>
/// <param name="HttpConcurrency">What <see cref="HttpConcurrencyMeter.Read"/> shows.</param>
/// <param name="HttpInFlight">Requests that are held or being answered now.</param>
/// <param name="QueueMessages">Active messages by queue; a queue that is not here counts as empty.</param>
public readonly record struct ScaleReading(double HttpConcurrency, int HttpInFlight, IReadOnlyDictionary<string, long> QueueMessages);
