using Serverless.Inference.Execution.Batching;

namespace Serverless.Inference.Execution.Admission;

/// <summary>What one tenant has waiting, first come first served.</summary>
internal sealed class TenantQueue(string name)
{
    public string Name => name;

    public LinkedList<WorkItem> Items { get; } = [];

    public int Weight { get; set; } = 1;

    public int Rows { get; set; }

    public long Units { get; set; }

    /// <summary>What it was given so far, by its weight; who was given least is next.</summary>
    public double Served { get; set; }

    /// <summary>Where filling a batch has got to.</summary>
    public LinkedListNode<WorkItem>? Cursor { get; set; }
}
