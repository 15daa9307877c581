using System.Collections.Concurrent;

namespace Serverless.SampleFunctions;

/// <summary>What happened in this worker and when, for a test to ask for.</summary>
public sealed class EventLog(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<LoggedEvent>> _events = new();

    public void Add(string name, string detail = "") =>
        _events.GetOrAdd(name, _ => new ConcurrentQueue<LoggedEvent>()).Enqueue(new LoggedEvent(time.GetUtcNow(), detail));

    public IReadOnlyList<LoggedEvent> Get(string name) => _events.TryGetValue(name, out var events) ? [.. events] : [];
}
