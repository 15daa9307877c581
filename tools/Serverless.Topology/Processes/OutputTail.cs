namespace Serverless.Topology.Processes;

/// <summary>The last lines that a process wrote, kept so that a failure can be explained.</summary>
internal sealed class OutputTail(int capacity)
{
    private readonly Queue<string> _lines = new(capacity);

    public void Add(string line)
    {
        lock (_lines)
        {
            if (_lines.Count == capacity)
                _lines.Dequeue();
            _lines.Enqueue(line);
        }
    }

    public string[] Snapshot()
    {
        lock (_lines)
            return [.. _lines];
    }
}
